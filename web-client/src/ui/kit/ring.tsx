// An objective's progress as a ring around its figure. "—" while nothing is measured.
import { Show } from 'solid-js';
import type { Status } from '../../protocol/messages';
import { formats, t } from '../../i18n';
import { createCounted } from '../state/motion';

const radius = 23;
const circumference = 2 * Math.PI * radius;

export function ProgressRing(props: { progress: number | undefined; status: Status; measured?: string | undefined }) {
  const shown = createCounted(() => props.progress);
  const filled = () => Math.min(1, Math.max(0, shown() ?? 0)) * circumference;
  const label = () => {
    const value = props.progress === undefined ? t().notMeasured : formats().percent(props.progress);
    return `${t().plan.progress}: ${value}, ${t().status[props.status]}${props.measured === undefined ? '' : `, ${props.measured}`}`;
  };
  return (
    <div class="ring" data-status={props.status} role="img" aria-label={label()} title={label()}>
      <svg viewBox="0 0 52 52" aria-hidden="true">
        <circle class="ring-track" cx="26" cy="26" r={radius} />
        <Show when={filled() > 0.5}>
          <circle class="ring-fill" cx="26" cy="26" r={radius} stroke-dasharray={`${filled()} ${circumference}`} transform="rotate(-90 26 26)" />
        </Show>
      </svg>
      <span class="ring-figure number">{shown() === undefined ? t().notMeasured : formats().percent(shown() ?? 0)}</span>
    </div>
  );
}
