// What was considered and refused, with the reason.
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { AddRow } from '../rows/add_row';
import { rowKeys } from '../rows/row_keys';
import { RowMenu } from '../rows/row_menu';
import { createRows, placeRows } from '../rows/rows';
import { TextField } from '../text/text_field';
import { add, enterIn, removeIfEmpty } from './actions';
import { usePlan } from './context';

export function NotDoing() {
  const { plan } = usePlan();
  const ids = () => plan.children(plan.rootId(), 'not_doing');
  const rows = createRows(ids, (id) => <NotDoingRow id={id} />);
  return (
    <section class="not-doing" aria-labelledby="not-doing-title">
      <h2 id="not-doing-title" class="section-title">
        {t().plan.notDoing}
      </h2>
      <p class="quiet">{t().plan.notDoingIntro}</p>
      <ul ref={(list) => placeRows(list, () => ids().map(rows))} class="small-rows" />
      <AddRow adds="not_doing" words={t().plan.notDoingAdd} onAdd={() => add(plan, 'not_doing', plan.rootId())} />
    </section>
  );
}

function NotDoingRow(props: { id: EntityId }) {
  const { plan } = usePlan();
  return (
    <li class="small-row not-doing-row" data-entity={props.id} data-glide on:keydown={rowKeys(plan, props.id)}>
      <div class="not-doing-words">
        <TextField
          class="not-doing-title"
          store={plan}
          id={props.id}
          field="title"
          label={t().plan.notDoingTitle}
          placeholder={t().plan.notDoingAdd}
          onEnter={() => enterIn(plan, props.id, () => add(plan, 'not_doing', plan.rootId(), props.id))}
          pastesRows
          onEmptyBackspace={() => removeIfEmpty(plan, props.id)}
        />
        <TextField class="not-doing-reason" store={plan} id={props.id} field="reason" label={t().plan.notDoingReason} placeholder={t().plan.notDoingReason} multiline />
      </div>
      <RowMenu store={plan} id={props.id} />
    </li>
  );
}
