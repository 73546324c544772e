// An objective and its key results.
import { Show, createMemo } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { OwnerField } from '../fields/owner_field';
import { Icon } from '../kit/icons';
import { ProgressRing } from '../kit/ring';
import { StatusWord } from '../kit/status';
import { AddRow } from '../rows/add_row';
import { rowKeys } from '../rows/row_keys';
import { RowMenu } from '../rows/row_menu';
import { placeRows, type Rows } from '../rows/rows';
import { TextField } from '../text/text_field';
import { add, enterIn, removeIfEmpty } from './actions';
import { Advice } from './advice';
import { AlignedFacts } from './alignment';
import { usePlan } from './context';
import { DragHandle } from './drag_handle';
import { LossNotes } from './loss_notes';

export function ObjectiveCard(props: { id: EntityId; number: number; rows: Rows }) {
  const view = usePlan();
  const { plan } = view;
  const keyResults = () => plan.children(props.id, 'key_result');
  const status = () => view.figures.of(props.id)?.shown ?? 'none';
  // Nothing measured is not the same as no progress.
  const progress = () => (view.figures.of(props.id)?.measured === 0 ? undefined : view.figures.of(props.id)?.progress);
  const measured = createMemo(() => {
    const figures = view.figures.of(props.id);
    return figures?.measured === undefined || figures.of === undefined ? undefined : t().plan.measured(figures.measured, figures.of);
  });
  // The figure counts what is not measured as nothing done: then it says so beside it.
  const partly = () => {
    const figures = view.figures.of(props.id);
    return figures?.measured !== undefined && figures.measured > 0 && figures.measured < (figures.of ?? 0);
  };

  const addNext = (): void => {
    if (keyResults().length === 0) add(plan, 'key_result', props.id);
    else add(plan, 'objective', plan.rootId(), props.id);
  };
  return (
    <li
      class="objective"
      classList={{ 'row-selected': view.selected() === props.id, 'row-abandoned': plan.text(props.id, 'state') === 'abandoned' }}
      data-entity={props.id}
      data-drag="objective"
      data-glide
      data-pending={plan.isPending(props.id)}
      on:keydown={rowKeys(plan, props.id, { Enter: () => view.select(props.id) })}
    >
      <header class="objective-head">
        <DragHandle id={props.id} kind="objective" store={plan} words={t().plan.objectiveNumber(props.number)} label={t().plan.objectiveLabel(props.number)} />
        <div class="objective-words">
          <h2>
            <TextField
              class="objective-title"
              store={plan}
              id={props.id}
              field="title"
              label={t().plan.objectiveLabel(props.number)}
              placeholder={t().plan.objectiveTitle}
              onEnter={() => enterIn(plan, props.id, addNext)}
              pastesRows
              onEmptyBackspace={() => removeIfEmpty(plan, props.id)}
            />
          </h2>
          <ObjectiveFacts id={props.id} number={props.number} />
        </div>
        <div class="objective-progress">
          <ProgressRing progress={progress()} status={status()} measured={measured()} />
          <StatusWord status={status()} {...(view.figures.wait(props.id) ? { word: t().figuresWait } : {})} />
          <Show when={partly()}>
            <span class="objective-measured number" aria-hidden="true">
              {measured()}
            </span>
          </Show>
        </div>
      </header>
      <Advice store={plan} id={props.id} but={['weights_scaled']} />
      <LossNotes store={plan} workspace={view.workspace} id={props.id} />
      <ol ref={(list) => placeRows(list, () => keyResults().map(props.rows))} class="key-results" data-drop="key_result" data-parent={props.id} />
      <AddRow adds="key_result" words={t().plan.keyResult} onAdd={() => add(plan, 'key_result', props.id)} />
    </li>
  );
}

// The quiet line under the title: kind, owner, state, what is measured; and what can be done with the objective.
function ObjectiveFacts(props: { id: EntityId; number: number }) {
  const view = usePlan();
  const { plan, workspace } = view;
  const commitment = () => {
    const value = plan.text(props.id, 'commitment');
    return value === 'committed' || value === 'aspirational' ? t().commitment[value] : null;
  };
  const state = () => {
    const value = plan.text(props.id, 'state');
    return value === 'proposed' || value === 'abandoned' || value === 'closed' ? t().state[value] : null;
  };
  return (
    <div class="objective-facts">
      <Show when={plan.boolean(props.id, 'priority')}>
        <span class="fact fact-priority">
          <Icon name="star" size={13} />
          {t().field.priority}
        </span>
      </Show>
      <Show when={commitment()}>{(word) => <span class="fact">{word()}</span>}</Show>
      <Show when={state()}>{(word) => <span class="fact fact-state">{word()}</span>}</Show>
      <AlignedFacts id={props.id} />
      <OwnerField store={plan} workspace={workspace} id={props.id} named small />
      <span class="objective-actions">
        <button
          class="icon-button objective-panel"
          aria-label={t().plan.detailsOf(t().plan.objectiveLabel(props.number))}
          title={t().plan.details}
          aria-expanded={view.selected() === props.id}
          onClick={() => view.select(view.selected() === props.id ? null : props.id)}
        >
          <Icon name="panel" />
        </button>
        <RowMenu store={plan} id={props.id} label={t().plan.objectiveLabel(props.number)} before={[{ label: t().plan.details, icon: 'panel', hint: 'Alt ↵', run: () => view.select(props.id) }]} />
      </span>
    </div>
  );
}
