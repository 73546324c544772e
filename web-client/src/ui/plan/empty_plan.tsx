// An empty plan teaches: what an objective is, what one looks like, where to begin.
import { For } from 'solid-js';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';
import { add } from './actions';
import { usePlan } from './context';

export function EmptyPlan() {
  const { plan } = usePlan();
  return (
    <section class="empty-plan">
      <h2>{t().plan.emptyTitle}</h2>
      <p>{t().plan.emptyIntro}</p>
      <button class="button button-primary" data-adds="objective" onClick={() => add(plan, 'objective', plan.rootId())}>
        <Icon name="add" size={14} />
        {t().plan.emptyStart}
      </button>
      <figure class="example">
        <figcaption class="side-title">{t().plan.emptyExample}</figcaption>
        <p class="example-objective">{t().plan.exampleObjective}</p>
        <ol>
          <For each={t().plan.exampleKeyResults}>{(words) => <li class="number">{words}</li>}</For>
        </ol>
      </figure>
    </section>
  );
}
