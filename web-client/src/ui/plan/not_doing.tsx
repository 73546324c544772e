// What was considered and refused, with the reason.
import { For } from 'solid-js';
import { t } from '../../i18n';
import { AddRow } from '../rows/add_row';
import { rowKeys } from '../rows/row_keys';
import { RowMenu } from '../rows/row_menu';
import { TextField } from '../text/text_field';
import { add, removeIfEmpty } from './actions';
import { usePlan } from './context';

export function NotDoing() {
  const { plan } = usePlan();
  return (
    <section class="not-doing" aria-labelledby="not-doing-title">
      <h2 id="not-doing-title" class="section-title">
        {t().plan.notDoing}
      </h2>
      <p class="quiet">{t().plan.notDoingIntro}</p>
      <ul class="small-rows">
        <For each={plan.children(plan.rootId(), 'not_doing')}>
          {(id) => (
            <li class="small-row not-doing-row" data-entity={id} data-glide on:keydown={rowKeys(plan, id)}>
              <div class="not-doing-words">
                <TextField
                  class="not-doing-title"
                  store={plan}
                  id={id}
                  field="title"
                  label={t().plan.notDoingTitle}
                  placeholder={t().plan.notDoingAdd}
                  onEnter={() => add(plan, 'not_doing', plan.rootId(), id)}
                  onEmptyBackspace={() => removeIfEmpty(plan, id)}
                />
                <TextField class="not-doing-reason" store={plan} id={id} field="reason" label={t().plan.notDoingReason} placeholder={t().plan.notDoingReason} multiline />
              </div>
              <RowMenu store={plan} id={id} />
            </li>
          )}
        </For>
      </ul>
      <AddRow words={t().plan.notDoingAdd} onAdd={() => add(plan, 'not_doing', plan.rootId())} />
    </section>
  );
}
