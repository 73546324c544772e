// The workspace: its name, its teams, cycles and people, and the way to every plan.
import { A, useNavigate } from '@solidjs/router';
import { Show, createMemo, createSignal, onMount } from 'solid-js';
import { t } from '../../i18n';
import { currentCycle, flatten } from '../state/cycles';
import { holdKept } from '../state/kept_form';
import { recentPlan } from '../state/recents';
import { useSession } from '../state/session';
import { useShell } from '../shell/use_shell';
import { TopBar } from '../shell/top_bar';
import { Vanished } from '../plan/vanished';
import { Awaited, DocumentTrouble, TroubleBanner } from '../shell/trouble';
import { Drafts, fetchRare } from '../plan/rare';
import { RemovedList } from '../plan/removed_list';
import { removedWithWords, watchEmptyRows } from '../rows/empty_rows';
import { workspacePaletteItems } from '../palette/workspace_items';
import { TreeSelect } from '../fields/tree_select';
import { loadEditor } from '../text/load_editor';
import { TextField } from '../text/text_field';
import { Icon } from '../kit/icons';
import { CycleTree } from './cycle_tree';
import { PeopleList } from './people_list';
import { Settings } from './settings';
import { TeamTree } from './team_tree';
import './workspace.css';

export function WorkspacePage() {
  const session = useSession();
  const { workspace } = session;
  const shell = useShell();
  const navigate = useNavigate();
  const [showRemoved, setShowRemoved] = createSignal(false);
  const root = workspace.rootId();
  holdKept(workspace.document);
  shell.offer(createMemo(() => workspacePaletteItems(workspace, { workspaceId: session.id, teamId: null, cycleId: null }, (href) => navigate(href))));
  shell.history(
    () => workspace.document.undo(),
    () => workspace.document.redo(),
  );
  const removed = createMemo(() => removedWithWords(workspace));
  watchEmptyRows(workspace);
  onMount(() => {
    document.title = 'Okra';
    loadEditor();
    fetchRare();
  });
  return (
    <>
      <div class="main">
        <TopBar crumbs={[{ words: workspace.text(root, 'name') || t().nav.overview }]} stores={[workspace]} here={workspace} />
        <main id="content" class="column workspace-page" tabindex="-1">
          <TroubleBanner store={workspace} />
          <Vanished store={workspace} />
          <Show when={workspace.status().problem}>{(problem) => <DocumentTrouble problem={problem()} />}</Show>
          <Show when={workspace.status().loaded} fallback={<Show when={workspace.status().problem === null}><Awaited store={workspace} /></Show>}>
            <h1 class="plan-title" data-entity={root}>
              <TextField store={workspace} id={root} field="name" label={t().workspace.name} placeholder={t().workspace.name} />
            </h1>
            <Drafts store={workspace} workspace={workspace} />
            <Show when={workspace.status().synced && workspace.status().revision === 0}>
              <section class="banner">
                <div>
                  <strong>{t().workspace.emptyTitle}</strong>
                  <p>{t().workspace.emptyText}</p>
                </div>
                <A class="button" href="/">
                  {t().trouble.toStart}
                </A>
              </section>
            </Show>
            <PlanChooser />
            <TeamTree />
            <CycleTree />
            <PeopleList />
            <Settings />
            <Show when={removed().length > 0}>
              <button class="text-button show-removed" onClick={() => setShowRemoved(true)}>
                <Icon name="bin" size={14} />
                {t().plan.removedTitle} · {removed().length}
              </button>
            </Show>
          </Show>
        </main>
      </div>
      <RemovedList store={workspace} open={showRemoved()} onClose={() => setShowRemoved(false)} />
    </>
  );
}

// Team and cycle, and through. Begins with the plan this person saw last, else the first team now.
function PlanChooser() {
  const { id, workspace } = useSession();
  const recent = recentPlan(id);
  const [team, setTeam] = createSignal<string | null>(null);
  const [cycle, setCycle] = createSignal<string | null>(null);
  const teams = () => flatten(workspace, 'team');
  const cycles = () => flatten(workspace, 'cycle');
  const known = (it: string | undefined, among: readonly { id: string }[]) => (among.some((other) => other.id === it) ? it : undefined);
  const teamNow = () => known(team() ?? recent?.team, teams()) ?? teams()[0]?.id;
  const cycleNow = () => known(cycle() ?? recent?.cycle, cycles()) ?? currentCycle(workspace);
  return (
    <Show when={teams().length > 0 && cycles().length > 0}>
      <section class="chooser" aria-label={t().workspace.choose}>
        <TreeSelect workspace={workspace} kind="team" label={t().nav.teams} chosen={teamNow()} onChoose={setTeam} />
        <TreeSelect workspace={workspace} kind="cycle" label={t().nav.cycle} chosen={cycleNow() ?? undefined} onChoose={setCycle} />
        <A class="button button-primary" href={`/w/${id}/${teamNow() ?? ''}/${cycleNow() ?? ''}`}>
          {t().workspace.open}
        </A>
      </section>
    </Show>
  );
}
