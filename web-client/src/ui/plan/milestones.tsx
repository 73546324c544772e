// The steps of a key result that is measured by milestones, each with its weight.
import type { EntityId } from '../../sync/api';
import { formats, t } from '../../i18n';
import { DateField } from '../fields/date_field';
import { NumberField } from '../fields/number_field';
import { ToggleField } from '../fields/toggle_field';
import { AddRow } from '../rows/add_row';
import { rowKeys } from '../rows/row_keys';
import { RowMenu } from '../rows/row_menu';
import { createRows, placeRows } from '../rows/rows';
import { TextField } from '../text/text_field';
import { add, enterIn, removeIfEmpty } from './actions';
import { Advice } from './advice';
import { usePlan } from './context';
import { LossNotes } from './loss_notes';

const weightUsual = 1; // of a milestone that has none of its own

export function Milestones(props: { keyResult: EntityId }) {
  const { plan } = usePlan();
  const ids = () => plan.children(props.keyResult, 'milestone');
  const rows = createRows(ids, (id) => <Milestone id={id} keyResult={props.keyResult} />);
  return (
    <section class="details-section">
      <h3>{t().milestones.title}</h3>
      <ol ref={(list) => placeRows(list, () => ids().map(rows))} class="small-rows" />
      <AddRow adds="milestone" words={t().milestones.add} onAdd={() => add(plan, 'milestone', props.keyResult)} />
    </section>
  );
}

function Milestone(props: { id: EntityId; keyResult: EntityId }) {
  const { plan, workspace } = usePlan();
  return (
    <li class="small-row" data-entity={props.id} data-state={plan.boolean(props.id, 'done') ? 'done' : 'planned'} on:keydown={rowKeys(plan, props.id)}>
      <div class="small-row-line">
        <ToggleField store={plan} id={props.id} field="done" label={t().milestones.done} />
        <TextField
          store={plan}
          id={props.id}
          field="title"
          label={t().milestones.label}
          placeholder={t().milestones.label}
          onEnter={() => enterIn(plan, props.id, () => add(plan, 'milestone', props.keyResult, props.id))}
          pastesRows
          onEmptyBackspace={() => removeIfEmpty(plan, props.id)}
        />
        <RowMenu store={plan} id={props.id} />
      </div>
      <div class="small-row-line small-row-facts small-row-deep">
        <DateField store={plan} id={props.id} field="due" label={t().field.due} placeholder={t().field.due} />
        <span class="small-row-fact">
          <span aria-hidden="true">{t().field.weight}</span>
          <NumberField store={plan} id={props.id} field="weight" label={t().field.weight} placeholder={formats().number(weightUsual)} />
        </span>
      </div>
      <Advice store={plan} id={props.id} />
      <LossNotes store={plan} workspace={workspace} id={props.id} />
    </li>
  );
}
