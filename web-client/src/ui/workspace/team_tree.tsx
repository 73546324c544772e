// The tree of teams: written, nested and ordered in place.
import { A } from '@solidjs/router';
import { Show, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';
import { LossNotes } from '../plan/loss_notes';
import { createRows, placeRows, type Rows } from '../rows/rows';
import { currentCycle, flatten } from '../state/cycles';
import { createGlide } from '../state/motion';
import { useSession } from '../state/session';
import { Section } from './section';
import { TeamAbout, TeamFaces } from './team_people';
import { addToTree } from './tree_actions';
import { TreeRow, treeKeys } from './tree_row';

export function TeamTree() {
  const { workspace } = useSession();
  const [list, setList] = createSignal<HTMLElement>();
  const root = workspace.rootId();
  createGlide(list, () => flatten(workspace, 'team'));
  const rows: Rows = createRows(
    () => flatten(workspace, 'team').map((it) => it.id),
    (id) => <TeamRow id={id} rows={rows} />,
  );
  const none = () => workspace.children(root, 'team').length === 0;
  return (
    <Section name="teams" title={t().nav.teams} empty={none() ? t().workspace.noTeams : null} adds="team" addWords={t().workspace.addTeam} onAdd={() => addToTree(workspace, 'team', root)} place={setList}>
      <TeamLevel parent={root} rows={rows} />
    </Section>
  );
}

function TeamLevel(props: { parent: EntityId; rows: Rows }) {
  const { workspace } = useSession();
  return <ul ref={(list) => placeRows(list, () => workspace.children(props.parent, 'team').map(props.rows))} class="tree-level" data-drop="team" data-parent={props.parent} />;
}

function TeamRow(props: { id: EntityId; rows: Rows }) {
  const { id: workspaceId, workspace } = useSession();
  const cycle = () => currentCycle(workspace);
  const [open, setOpen] = createSignal(false);
  return (
    <li class="tree-item" data-drag="team" data-entity={props.id} data-glide on:keydown={treeKeys(workspace, props.id)}>
      <TreeRow id={props.id} kind="team" label={t().workspace.teamName} placeholder={t().workspace.newTeam} inside={t().workspace.nestedTeam} handle>
        <TeamFaces id={props.id} open={open()} onToggle={() => setOpen((it) => !it)} />
        <Show when={cycle()}>
          {(it) => (
            <A class="tree-open" href={`/w/${workspaceId}/${props.id}/${it()}`}>
              <span>{workspace.text(it(), 'name') || t().workspace.open}</span>
              <Icon name="chevron" size={14} />
            </A>
          )}
        </Show>
      </TreeRow>
      <LossNotes store={workspace} workspace={workspace} id={props.id} />
      <Show when={open()}>
        <TeamAbout id={props.id} />
      </Show>
      <TeamLevel parent={props.id} rows={props.rows} />
    </li>
  );
}
