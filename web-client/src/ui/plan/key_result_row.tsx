// A key result in one line: number, words with how it stands, measure, progress, confidence, owner. Everything in it is edited where it stands.
import { Show } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { ConfidenceField } from '../fields/confidence_field';
import { confidenceBounds } from '../fields/confidence_tone';
import { OwnerField } from '../fields/owner_field';
import { Icon } from '../kit/icons';
import { rowKeys } from '../rows/row_keys';
import { TextField } from '../text/text_field';
import { add, describe, enterIn, moveAcross, removeIfEmpty } from './actions';
import { Advice } from './advice';
import { usePlan } from './context';
import { DragHandle } from './drag_handle';
import { LossNotes } from './loss_notes';
import { isMeasurable } from './measure';
import { MetricCell, RowProgress } from './metric_cell';
import { StatusLine } from './status_line';

export function KeyResultRow(props: { id: EntityId; number: number; objective: EntityId }) {
  const view = usePlan();
  const { plan, workspace } = view;
  const keys = rowKeys(plan, props.id, {
    ArrowLeft: () => moveAcross(plan, props.id, -1),
    ArrowRight: () => moveAcross(plan, props.id, 1),
    Enter: () => view.select(props.id),
    c: () => view.checkIn.ask(props.id),
  });
  const abandoned = () => plan.text(props.id, 'state') === 'abandoned';
  return (
    <li
      class="key-result"
      classList={{ 'row-selected': view.selected() === props.id, 'row-abandoned': abandoned() }}
      data-entity={props.id}
      data-drag="key_result"
      data-glide
      data-pending={plan.isPending(props.id)}
      aria-label={t().plan.keyResultLabel(props.number)}
      on:keydown={keys}
    >
      <DragHandle id={props.id} kind="key_result" store={plan} words={String(props.number)} label={t().plan.keyResultLabel(props.number)} />
      <div class="key-result-words">
        <TextField
          class="key-result-title"
          store={plan}
          id={props.id}
          field="title"
          label={t().plan.keyResultLabel(props.number)}
          placeholder={t().plan.keyResultTitle}
          onEnter={() => enterIn(plan, props.id, () => add(plan, 'key_result', props.objective, props.id))}
          pastesRows
          onEmptyBackspace={() => removeIfEmpty(plan, props.id)}
        />
        <div class="key-result-foot">
          <StatusLine id={props.id} />
          <Show when={isMeasurable(plan, props.id)}>
            <button class="row-check-in" title={`${t().checkIn.add} · Alt C`} aria-label={t().checkIn.on(describe(plan, props.id))} onClick={() => view.checkIn.ask(props.id)}>
              {t().checkIn.add}
            </button>
          </Show>
        </div>
      </div>
      <MetricCell id={props.id} />
      <RowProgress id={props.id} />
      <ConfidenceField store={plan} id={props.id} bounds={confidenceBounds(workspace)} />
      <OwnerField store={plan} workspace={workspace} id={props.id} />
      <button
        class="icon-button row-details"
        aria-label={t().plan.detailsOf(describe(plan, props.id))}
        aria-expanded={view.selected() === props.id}
        title={t().plan.details}
        onClick={() => view.select(view.selected() === props.id ? null : props.id)}
      >
        <Icon name="chevron" />
      </button>
      <Advice store={plan} id={props.id} but={['weights_scaled']} />
      <LossNotes store={plan} workspace={workspace} id={props.id} />
    </li>
  );
}
