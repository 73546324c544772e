// The steps of a key result that is measured by milestones, each with its weight.
import { For } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { NumberField } from '../fields/number_field';
import { ToggleField } from '../fields/toggle_field';
import { AddRow } from '../rows/add_row';
import { rowKeys } from '../rows/row_keys';
import { RowMenu } from '../rows/row_menu';
import { TextField } from '../text/text_field';
import { add, removeIfEmpty } from './actions';
import { usePlan } from './context';

export function Milestones(props: { keyResult: EntityId }) {
  const { plan } = usePlan();
  return (
    <section class="details-section">
      <h3>{t().milestones.title}</h3>
      <ol class="small-rows">
        <For each={plan.children(props.keyResult, 'milestone')}>
          {(id) => (
            <li class="small-row small-row-line" data-entity={id} on:keydown={rowKeys(plan, id)}>
              <ToggleField store={plan} id={id} field="done" label={t().milestones.done} />
              <TextField
                store={plan}
                id={id}
                field="title"
                label={t().milestones.label}
                placeholder={t().milestones.label}
                onEnter={() => add(plan, 'milestone', props.keyResult, id)}
                onEmptyBackspace={() => removeIfEmpty(plan, id)}
              />
              <NumberField store={plan} id={id} field="weight" label={t().field.weight} />
              <RowMenu store={plan} id={id} />
            </li>
          )}
        </For>
      </ol>
      <AddRow words={t().milestones.add} onAdd={() => add(plan, 'milestone', props.keyResult)} />
    </section>
  );
}
