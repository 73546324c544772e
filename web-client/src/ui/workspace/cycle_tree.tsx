// Cycles with their days and states, nested: a year, its quarters, sprints inside.
import { Show, createMemo, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { formats, t } from '../../i18n';
import { ChoiceField } from '../fields/choice_field';
import { DateField } from '../fields/date_field';
import { Advice } from '../plan/advice';
import { LossNotes } from '../plan/loss_notes';
import { createRows, placeRows } from '../rows/rows';
import { flatten, runningCycle } from '../state/cycles';
import { createGlide } from '../state/motion';
import { ensure } from '../state/same_id';
import { useSession } from '../state/session';
import { submit } from '../state/submit';
import { yearWithQuarters } from '../state/year';
import { Section } from './section';
import { addToTree } from './tree_actions';
import { TreeRow, treeKeys } from './tree_row';

export function CycleTree() {
  const { workspace } = useSession();
  const [list, setList] = createSignal<HTMLElement>();
  const root = workspace.rootId();
  const none = () => workspace.children(root, 'cycle').length === 0;
  createGlide(list, () => flatten(workspace, 'cycle'));
  const depths = createMemo(() => new Map(flatten(workspace, 'cycle').map((it) => [it.id, it.depth])));
  const ids = () => [...depths().keys()];
  const rows = createRows(ids, (id) => <CycleRow id={id} depth={depths().get(id) ?? 0} />);
  const addYear = (): void => {
    submit(workspace, ...yearWithQuarters(new Date(), root).flatMap((it) => ensure(workspace, it)));
  };
  return (
    <Section name="cycles" title={t().nav.cycles} empty={none() ? t().workspace.noCycles : null} adds="cycle" addWords={t().workspace.addCycle} onAdd={() => addToTree(workspace, 'cycle', root)} place={setList}>
      <Show when={none()}>
        <button class="button" onClick={addYear}>
          {t().workspace.thisYear}
        </button>
      </Show>
      <ul ref={(level) => placeRows(level, () => ids().map(rows))} class="tree-level" />
    </Section>
  );
}

const depthMax = 3; // four levels, as the schema has it

function CycleRow(props: { id: EntityId; depth: number }) {
  const { workspace } = useSession();
  const day = (field: 'start' | 'end') => workspace.text(props.id, field);
  const startRefuses = (start: string) => (day('end') !== '' && start > day('end') ? t().workspace.startAfterEnd(formats().day(day('end'))) : null);
  const endRefuses = (end: string) => (day('start') !== '' && end < day('start') ? t().workspace.endBeforeStart(formats().day(day('start'))) : null);
  return (
    <li class="tree-item" data-entity={props.id} data-glide on:keydown={treeKeys(workspace, props.id)}>
      <TreeRow
        id={props.id}
        kind="cycle"
        class="cycle-row"
        depth={props.depth}
        label={t().workspace.cycleName}
        placeholder={t().workspace.newCycle}
        inside={props.depth < depthMax ? t().workspace.nestedCycle : null}
      >
        <Show when={runningCycle(workspace) === props.id}>
          <span class="tag">{t().workspace.currentCycle}</span>
        </Show>
        <span class="cycle-days">
          <DateField store={workspace} id={props.id} field="start" label={t().workspace.start} refuses={startRefuses} />
          <span aria-hidden="true">–</span>
          <DateField store={workspace} id={props.id} field="end" label={t().workspace.end} refuses={endRefuses} />
        </span>
        <ChoiceField store={workspace} id={props.id} field="state" label={t().workspace.state} words={t().cycleState} fallback="draft" />
      </TreeRow>
      <Advice store={workspace} id={props.id} />
      <LossNotes store={workspace} workspace={workspace} id={props.id} />
    </li>
  );
}
