// The work under a key result.
import { Show } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { ChoiceField } from '../fields/choice_field';
import { DateField } from '../fields/date_field';
import { OwnerField } from '../fields/owner_field';
import { StringField } from '../fields/string_field';
import { Icon } from '../kit/icons';
import { AddRow } from '../rows/add_row';
import { rowKeys } from '../rows/row_keys';
import { RowMenu } from '../rows/row_menu';
import { createRows, placeRows } from '../rows/rows';
import { TextField } from '../text/text_field';
import { add, enterIn, removeIfEmpty } from './actions';
import { Advice } from './advice';
import { usePlan } from './context';
import { LossNotes } from './loss_notes';

export function Initiatives(props: { keyResult: EntityId }) {
  const { plan } = usePlan();
  const ids = () => plan.children(props.keyResult, 'initiative');
  const rows = createRows(ids, (id) => <Initiative id={id} keyResult={props.keyResult} />);
  return (
    <section class="details-section">
      <h3>{t().initiatives.title}</h3>
      <Show when={ids().length > 0} fallback={<p class="quiet">{t().initiatives.empty}</p>}>
        <ol ref={(list) => placeRows(list, () => ids().map(rows))} class="small-rows" />
      </Show>
      <AddRow adds="initiative" words={t().initiatives.add} onAdd={() => add(plan, 'initiative', props.keyResult)} />
    </section>
  );
}

// A link somebody typed may be anything; only web addresses become something to press.
function webAddress(text: string): string | null {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}

function Initiative(props: { id: EntityId; keyResult: EntityId }) {
  const { plan, workspace } = usePlan();
  return (
    <li class="small-row initiative" data-entity={props.id} data-state={plan.text(props.id, 'state') || 'planned'} on:keydown={rowKeys(plan, props.id)}>
      <div class="small-row-line">
        <TextField
          store={plan}
          id={props.id}
          field="title"
          label={t().initiatives.label}
          placeholder={t().initiatives.label}
          onEnter={() => enterIn(plan, props.id, () => add(plan, 'initiative', props.keyResult, props.id))}
          pastesRows
          onEmptyBackspace={() => removeIfEmpty(plan, props.id)}
        />
        <OwnerField store={plan} workspace={workspace} id={props.id} small />
        <RowMenu store={plan} id={props.id} />
      </div>
      <div class="small-row-line small-row-facts">
        <ChoiceField store={plan} id={props.id} field="state" label={t().field.state} words={t().initiativeState} fallback="planned" />
        <DateField store={plan} id={props.id} field="due" label={t().field.due} placeholder={t().field.due} />
        <StringField store={plan} id={props.id} field="link" label={t().field.link} placeholder="https://" inputmode="url" />
        <Show when={webAddress(plan.text(props.id, 'link'))}>
          {(href) => (
            <a class="icon-button" href={href()} target="_blank" rel="noopener noreferrer" aria-label={t().field.openLink} title={t().field.openLink}>
              <Icon name="link" size={14} />
            </a>
          )}
        </Show>
      </div>
      <Advice store={plan} id={props.id} />
      <LossNotes store={plan} workspace={workspace} id={props.id} />
    </li>
  );
}
