// Cycles with their days and states, nested: a year, its quarters, sprints inside.
import { For, Show, createSignal } from 'solid-js';
import type { Operation } from '../../document/operation';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { ChoiceField } from '../fields/choice_field';
import { DateField } from '../fields/date_field';
import { Icon } from '../kit/icons';
import { Menu } from '../kit/menu';
import { remove } from '../plan/actions';
import { currentCycle, flatten } from '../state/cycles';
import { createGlide } from '../state/motion';
import { useSession } from '../state/session';
import { submit } from '../state/submit';
import { yearWithQuarters } from '../state/year';
import { TextField } from '../text/text_field';
import { addToTree, onTreeKey, treeMenu } from './tree_actions';

export function CycleTree() {
  const { workspace } = useSession();
  const [list, setList] = createSignal<HTMLElement>();
  const root = workspace.rootId();
  const none = () => workspace.children(root, 'cycle').length === 0;
  createGlide(list, () => flatten(workspace, 'cycle'));
  const addYear = (): void => {
    const ops: readonly Operation[] = yearWithQuarters(new Date(), root, () => workspace.document.newId());
    submit(workspace, ...ops);
  };
  return (
    <section ref={setList} class="tree" aria-labelledby="cycles-title">
      <h2 id="cycles-title" class="section-title">
        {t().nav.cycles}
      </h2>
      <Show when={none()}>
        <p class="quiet">{t().workspace.noCycles}</p>
        <button class="button" onClick={addYear}>
          {t().workspace.thisYear}
        </button>
      </Show>
      <ul class="tree-level">
        <For each={flatten(workspace, 'cycle')}>{(it) => <CycleRow id={it.id} depth={it.depth} />}</For>
      </ul>
      <button class="add-row" onClick={() => addToTree(workspace, 'cycle', root)}>
        <Icon name="add" size={14} />
        {t().workspace.addCycle}
      </button>
    </section>
  );
}

const depthMax = 3; // four levels, as the schema has it

function CycleRow(props: { id: EntityId; depth: number }) {
  const { workspace } = useSession();
  return (
    <li class="tree-item" data-entity={props.id} data-glide>
      <div class="tree-row cycle-row" data-depth={props.depth} on:keydown={{ handleEvent: (event: KeyboardEvent) => onTreeKey(workspace, props.id, event), capture: true }}>
        <TextField
          class="tree-name"
          store={workspace}
          id={props.id}
          field="name"
          label={t().workspace.cycleName}
          placeholder={t().workspace.newCycle}
          onEnter={() => addToTree(workspace, 'cycle', workspace.entity(props.id)?.parent ?? workspace.rootId(), props.id)}
        />
        <Show when={currentCycle(workspace) === props.id}>
          <span class="tag">{t().workspace.currentCycle}</span>
        </Show>
        <span class="cycle-days">
          <DateField store={workspace} id={props.id} field="start" label={t().workspace.start} />
          <span aria-hidden="true">–</span>
          <DateField store={workspace} id={props.id} field="end" label={t().workspace.end} />
        </span>
        <ChoiceField store={workspace} id={props.id} field="state" label={t().workspace.state} words={t().cycleState} fallback="draft" />
        <Menu
          label={t().workspace.actionsFor(workspace.text(props.id, 'name'))}
          items={[
            ...(props.depth < depthMax ? [{ label: t().workspace.nestedCycle, icon: 'add' as const, run: () => addToTree(workspace, 'cycle', props.id) }] : []),
            ...treeMenu(workspace, props.id),
            { label: t().remove, icon: 'bin', danger: true, run: () => remove(workspace, props.id) },
          ]}
        />
      </div>
    </li>
  );
}
