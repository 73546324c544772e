// The steps of a key result that is measured by milestones, each with its weight.
import { For } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { NumberField } from '../fields/number_field';
import { ToggleField } from '../fields/toggle_field';
import { Icon } from '../kit/icons';
import { Menu } from '../kit/menu';
import { TextField } from '../text/text_field';
import { add, describe, moveBy, remove, removeIfEmpty } from './actions';
import { usePlan } from './context';

export function Milestones(props: { keyResult: EntityId }) {
  const { plan } = usePlan();
  return (
    <section class="details-section">
      <h3>{t().milestones.title}</h3>
      <ol class="small-rows">
        <For each={plan.children(props.keyResult, 'milestone')}>
          {(id) => (
            <li class="small-row small-row-line" data-entity={id}>
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
              <Menu
                label={t().workspace.actionsFor(describe(plan, id))}
                items={[
                  { label: t().plan.moveUp, run: () => moveBy(plan, id, -1) },
                  { label: t().plan.moveDown, run: () => moveBy(plan, id, 1) },
                  { label: t().remove, icon: 'bin', danger: true, run: () => remove(plan, id) },
                ]}
              />
            </li>
          )}
        </For>
      </ol>
      <button class="add-row" onClick={() => add(plan, 'milestone', props.keyResult)}>
        <Icon name="add" size={14} />
        {t().milestones.add}
      </button>
    </section>
  );
}
