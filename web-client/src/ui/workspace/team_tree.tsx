// The tree of teams: written, nested and ordered in place.
import { A } from '@solidjs/router';
import { For, Show, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';
import { Menu } from '../kit/menu';
import { DragHandle } from '../plan/drag_handle';
import { describe, remove } from '../plan/actions';
import { currentCycle, flatten } from '../state/cycles';
import { createGlide } from '../state/motion';
import { useSession } from '../state/session';
import { TextField } from '../text/text_field';
import { addToTree, onTreeKey, treeMenu } from './tree_actions';

export function TeamTree() {
  const { workspace } = useSession();
  const [list, setList] = createSignal<HTMLElement>();
  const root = workspace.rootId();
  createGlide(list, () => flatten(workspace, 'team'));
  return (
    <section ref={setList} class="tree" aria-labelledby="teams-title">
      <h2 id="teams-title" class="section-title">
        {t().nav.teams}
      </h2>
      <Show when={workspace.children(root, 'team').length === 0}>
        <p class="quiet">{t().workspace.noTeams}</p>
      </Show>
      <TeamLevel parent={root} />
      <button class="add-row" onClick={() => addToTree(workspace, 'team', root)}>
        <Icon name="add" size={14} />
        {t().workspace.addTeam}
      </button>
    </section>
  );
}

function TeamLevel(props: { parent: EntityId }) {
  const { workspace } = useSession();
  return (
    <ul class="tree-level" data-drop="team" data-parent={props.parent}>
      <For each={workspace.children(props.parent, 'team')}>{(id) => <TeamRow id={id} parent={props.parent} />}</For>
    </ul>
  );
}

function TeamRow(props: { id: EntityId; parent: EntityId }) {
  const { id: workspaceId, workspace } = useSession();
  const cycle = () => currentCycle(workspace);
  return (
    <li class="tree-item" data-drag="team" data-entity={props.id} data-glide>
      <div class="tree-row" data-drag-row on:keydown={{ handleEvent: (event: KeyboardEvent) => onTreeKey(workspace, props.id, event), capture: true }}>
        <DragHandle id={props.id} kind="team" store={workspace} words="" label={describe(workspace, props.id)} />
        <TextField
          class="tree-name"
          store={workspace}
          id={props.id}
          field="name"
          label={t().workspace.teamName}
          placeholder={t().workspace.newTeam}
          onEnter={() => addToTree(workspace, 'team', props.parent, props.id)}
        />
        <Show when={cycle()}>
          {(it) => (
            <A class="tree-open" href={`/w/${workspaceId}/${props.id}/${it()}`}>
              {workspace.text(it(), 'name') || t().workspace.open}
              <Icon name="chevron" size={14} />
            </A>
          )}
        </Show>
        <Menu
          label={t().workspace.actionsFor(workspace.text(props.id, 'name'))}
          items={[
            { label: t().workspace.nestedTeam, icon: 'add', run: () => addToTree(workspace, 'team', props.id) },
            ...treeMenu(workspace, props.id),
            { label: t().remove, icon: 'bin', danger: true, run: () => remove(workspace, props.id) },
          ]}
        />
      </div>
      <TeamLevel parent={props.id} />
    </li>
  );
}
