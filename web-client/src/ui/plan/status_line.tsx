// How a key result stands and why, under its words: sign, word and, where that is not obvious, what decided it. All of it from the server's
// figures.
import { Show } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { confidenceBounds, confidenceTone } from '../fields/confidence_tone';
import { StatusWord } from '../kit/status';
import { daysSince } from '../state/dates';
import { usePlan, type PlanView } from './context';
import { figureErrorWords, metricOf } from './metric_cell';
import { bandPicture } from './metric/picture';

export function StatusLine(props: { id: EntityId }) {
  const view = usePlan();
  const figures = () => view.figures.of(props.id);
  const error = () => figureErrorWords(figures()?.error);
  // What is measured can be without a status all the same: a band that nobody has given a confidence.
  const unmeasured = () => (figures()?.shown ?? 'none') === 'none' && figures()?.progress === undefined;
  const word = () => (view.figures.wait(props.id) ? { word: t().figuresWait } : unmeasured() ? { word: t().unmeasured } : {});
  return (
    <p class="status-line" data-status={figures()?.shown ?? 'none'}>
      <Show
        when={error()}
        fallback={
          <>
            <StatusWord status={figures()?.shown ?? 'none'} {...word()} />
            <Show when={reason(view, props.id)}>{(words) => <span class="status-why"> · {words()}</span>}</Show>
          </>
        }
      >
        {(words) => (
          <span class="status-word status-error">
            <span class="error-mark" aria-hidden="true" />
            <span>{words()}</span>
          </span>
        )}
      </Show>
    </p>
  );
}

// An override, staleness, the wrong way, the band, a confidence that makes the status what it is, the gap to the pace.
function reason({ plan, workspace, figures: shown }: PlanView, id: EntityId): string {
  const figures = shown.of(id);
  const status = figures?.shown;
  if (status === undefined || status === 'closed') return '';
  if (plan.text(id, 'status_override') !== '' && figures?.computed !== status) return t().why.byHand(t().status[figures?.computed ?? 'none'], plan.text(id, 'status_reason').trim() !== '');
  if (status === 'stale') {
    const last = plan.children(id, 'check_in').reduce((latest, it) => (plan.text(it, 'date') > latest ? plan.text(it, 'date') : latest), '');
    return last === '' ? '' : t().why.daysOld(daysSince(last));
  }
  const progress = figures?.progress;
  if (progress !== undefined && progress < 0) return t().why.wrongWay;
  if (metricOf(plan, id) === 'band') {
    const place = bandPicture(plan.number(id, 'low'), plan.number(id, 'high'), plan.number(id, 'current')).place;
    return place === null ? '' : t().why.band[place];
  }
  const confidence = plan.number(id, 'confidence');
  const doubt = confidenceTone(confidence, confidenceBounds(workspace));
  if (confidence !== undefined && ((doubt === 'warn' && status === 'at_risk') || (doubt === 'bad' && status === 'off_track'))) return t().why.confidence(confidence);
  if (figures?.expected === undefined || progress === undefined) return confidence === undefined ? '' : t().why.byConfidence;
  const points = Math.round((progress - figures.expected) * 100);
  if (points === 0) return t().why.asExpected;
  return points > 0 ? t().why.ahead(points) : t().why.behind(-points);
}
