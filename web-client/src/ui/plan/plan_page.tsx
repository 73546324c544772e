// The plan page: one team's objectives for one cycle, edited by everybody at once.
import { useParams } from '@solidjs/router';
import { Match, Show, Switch, createEffect, createMemo, createSignal, on, onCleanup, onMount } from 'solid-js';
import { createLiveStore, type LiveStore } from '../../store/live_store';
import { isId } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';
import { beginArrival } from '../state/arrival';
import { focusAfter, rowOf } from '../state/focus_place';
import { holdKept } from '../state/kept_form';
import { createGlide } from '../state/motion';
import { rememberPlan } from '../state/recents';
import { useSession } from '../state/session';
import { AddRow } from '../rows/add_row';
import { removedWithWords, watchEmptyRows } from '../rows/empty_rows';
import { createRows, placeRows } from '../rows/rows';
import { useShell } from '../shell/use_shell';
import { TopBar } from '../shell/top_bar';
import { Awaited, DocumentTrouble, NotFoundPage, TroubleBanner, TroublePage } from '../shell/trouble';
import { loadEditor } from '../text/load_editor';
import { TextField } from '../text/text_field';
import { createActivity } from './activity';
import { add } from './actions';
import { PlanContext, usePlan, type PlanView } from './context';
import { EmptyPlan } from './empty_plan';
import { createCheckInRequest } from './check_in_request';
import { createFigures } from './figures';
import { createNeighbours } from './neighbours';
import { KeyResultRow } from './key_result_row';
import { NotDoing } from './not_doing';
import { ObjectiveCard } from './objective_card';
import { planPaletteItems } from './palette_items';
import { PresenceRail } from './presence_rail';
import { Drafts, KeptNotes, Removed, fetchRare } from './rare';
import { Vanished } from './vanished';
import { watchRemovals } from './removal_watch';
import { watchReports } from './report_watch';
import { createSelection } from './selection';
import { SidePanel } from './side_panel';
import { Summary } from './summary';
import './plan.css';
import './details.css';

// Rare: fetched when the page is there, so that they are shown also without the server.
const rareAfterMs = 500;

export function PlanPage() {
  const params = useParams<{ team: string; cycle: string }>();
  return (
    <Show when={isId(params.team) && isId(params.cycle) && `${params.team}/${params.cycle}`} keyed fallback={<NotFoundPage />}>
      {(key) => <OnePlan team={key.slice(0, key.indexOf('/'))} cycle={key.slice(key.indexOf('/') + 1)} />}
    </Show>
  );
}

function OnePlan(props: { team: EntityId; cycle: EntityId }) {
  const session = useSession();
  const shell = useShell();
  const document = session.connection.open(`${session.id}/plan/${props.team}/${props.cycle}`);
  onCleanup(() => document.close());
  const plan = createLiveStore(document);
  beginArrival(document);
  holdKept(document);
  const selection = createSelection(plan);
  const { selected } = selection;
  const [showRemoved, setShowRemoved] = createSignal(false);
  const view: PlanView = { workspaceId: session.id, teamId: props.team, cycleId: props.cycle, workspace: session.workspace, plan, neighbours: createNeighbours(session.connection, plan), ...selection, checkIn: createCheckInRequest(plan, selection), figures: createFigures(plan) };
  const activity = createActivity(plan);

  const teamName = () => session.workspace.text(props.team, 'name');
  const cycleName = () => session.workspace.text(props.cycle, 'name');
  const unnamed = () => (session.workspace.status().loaded ? t().untitled : '…'); // not known yet is not untitled
  const gone = (id: EntityId) => {
    const entity = session.workspace.entity(id);
    return entity === undefined || entity.removed;
  };
  const homeless = () => session.workspace.status().synced && (gone(props.team) || gone(props.cycle));

  createEffect(
    on(selected, (now, before) => {
      if (now === null && before) focusAfter(() => rowOf(plan, before)?.querySelector<HTMLElement>('.row-details, .objective-panel') ?? rowOf(plan, before));
    }),
  );
  createEffect(
    on(homeless, (is) => {
      if (!is) rememberPlan(session.id, { team: props.team, cycle: props.cycle });
    }),
  );
  createEffect(() => {
    globalThis.document.title = teamName() === '' ? 'Okra' : `${t().plan.titleOf(teamName(), cycleName())} · Okra`;
  });
  shell.history(
    () => plan.document.undo(),
    () => plan.document.redo(),
  );
  shell.offer(planPaletteItems(view, { showRemoved: () => setShowRemoved(true) }));
  watchRemovals(plan);
  watchEmptyRows(plan);
  watchReports(plan, session.workspace);
  onMount(() => {
    loadEditor();
    const timer = setTimeout(fetchRare, rareAfterMs);
    onCleanup(() => clearTimeout(timer));
  });

  return (
    <PlanContext.Provider value={view}>
      <div class="main">
        <TopBar
          crumbs={[{ words: teamName() || unnamed(), href: `/w/${session.id}` }, { words: cycleName() || unnamed() }]}
          stores={[plan, session.workspace]}
          here={plan}
        />
        <main id="content" class="column" tabindex="-1">
          <TroubleBanner store={plan} />
          <Switch fallback={<Awaited store={plan} />}>
            <Match when={homeless()}>
              <TroublePage title={t().plan.unknownTitle} text={t().plan.unknownText}>
                <a class="button button-primary" href={`/w/${session.id}`}>
                  {t().plan.backToWorkspace}
                </a>
              </TroublePage>
            </Match>
            <Match when={plan.status().problem}>{(problem) => <DocumentTrouble problem={problem()} />}</Match>
            <Match when={plan.status().loaded}>
              <PlanBody plan={plan} heading={t().plan.titleOf(teamName(), cycleName())} onShowRemoved={() => setShowRemoved(true)} />
            </Match>
          </Switch>
        </main>
      </div>
      <SidePanel activity={activity} />
      <Removed store={plan} open={showRemoved()} onClose={() => setShowRemoved(false)} />
    </PlanContext.Provider>
  );
}

function PlanBody(props: { plan: LiveStore; heading: string; onShowRemoved: () => void }) {
  const { workspace } = usePlan();
  const [body, setBody] = createSignal<HTMLDivElement>();
  const root = () => props.plan.rootId();
  const objectives = () => props.plan.children(root(), 'objective');
  const order = () => objectives().map((id) => [id, props.plan.children(id, 'key_result')]);
  const removed = createMemo(() => removedWithWords(props.plan));
  createGlide(body, order);
  const numbers = createMemo(() => new Map(objectives().map((id, index) => [id, index + 1])));
  const places = createMemo(() => new Map(objectives().flatMap((objective) => props.plan.children(objective, 'key_result').map((id, index) => [id, { objective, number: index + 1 }] as const))));
  const keyResultRows = createRows(
    () => [...places().keys()],
    (id) => <KeyResultRow id={id} number={places().get(id)?.number ?? 0} objective={places().get(id)?.objective ?? ''} />,
  );
  const objectiveRows = createRows(objectives, (id) => <ObjectiveCard id={id} number={numbers().get(id) ?? 0} rows={keyResultRows} />);

  return (
    <div ref={setBody} class="plan-body">
      <PresenceRail column={body} />
      <div class="plan-head">
        <h1 class="plan-title" data-entity={root()}>
          <TextField store={props.plan} id={root()} field="title" label={t().plan.planTitle} placeholder={props.heading} />
        </h1>
        <Summary />
      </div>
      <Vanished store={props.plan} />
      <KeptNotes />
      <Drafts store={props.plan} workspace={workspace} />
      <Show when={objectives().length > 0} fallback={<EmptyPlan />}>
        <ol ref={(list) => placeRows(list, () => objectives().map(objectiveRows))} class="objectives" data-drop="objective" data-parent={root()} />
        <AddRow adds="objective" class="add-objective" words={t().plan.objective} onAdd={() => add(props.plan, 'objective', root())} />
      </Show>
      <NotDoing />
      <Show when={removed().length > 0}>
        <button class="text-button show-removed" onClick={() => props.onShowRemoved()}>
          <Icon name="bin" size={14} />
          {t().plan.removedTitle} · {removed().length}
        </button>
      </Show>
    </div>
  );
}
