// The picture of a key result between the two lines of its numbers. It says nothing that is not said in words, too.
import { For, Show, type JSX } from 'solid-js';
import type { EntityId } from '../../../sync/api';
import type { LiveStore } from '../../../store/live_store';
import { bandPicture, linePicture, stepWidths, zoneSteps, type MilestoneStep } from './picture';

const percent = (share: number): string => `${share * 100}%`;

function Expected(props: { at: number | null | undefined }) {
  return <Show when={props.at !== null && props.at !== undefined}>{<span class="bar-mark" style={{ left: percent(props.at ?? 0) }} />}</Show>;
}

// `progress` undefined: not measured, a dashed line without a filling.
export function LineBar(props: { progress: number | undefined; expected: number | undefined; children?: JSX.Element }) {
  const picture = () => linePicture(props.progress ?? 0, props.expected);
  return (
    <span class="bar-line" classList={{ 'bar-unmeasured': props.progress === undefined, 'bar-wrong-way': picture().wrongWay }}>
      <Show when={props.progress !== undefined}>
        <span class="bar-fill" style={{ left: percent(Math.min(picture().start, picture().tip)), width: percent(Math.abs(picture().tip - picture().start)) }} />
      </Show>
      <Show when={picture().wrongWay}>
        <span class="bar-post" style={{ left: percent(picture().start) }} />
      </Show>
      {props.children}
      <Expected at={picture().expected} />
    </span>
  );
}

export function ZoneBar(props: { progress: number | undefined; expected: number | undefined; steps: readonly (keyof typeof zoneSteps)[] }) {
  return (
    <LineBar progress={props.progress} expected={props.expected}>
      <For each={props.steps.filter((it) => zoneSteps[it] > 0 && zoneSteps[it] < 1)}>{(step) => <span class="bar-notch" style={{ left: percent(zoneSteps[step]) }} />}</For>
    </LineBar>
  );
}

export function BandAxis(props: { low: number | undefined; high: number | undefined; value: number | undefined }) {
  const picture = () => bandPicture(props.low, props.high, props.value);
  const crossed = () => (picture().place === 'above' ? picture().high : picture().low) ?? 0;
  return (
    <span class="band-axis" data-place={picture().place ?? 'none'}>
      <Show when={picture().low !== null || picture().high !== null}>
        <span class="band-inside" style={{ left: percent(picture().low ?? 0), right: percent(1 - (picture().high ?? 1)) }} />
      </Show>
      <Show when={picture().place === 'above' || picture().place === 'below'}>
        <span class="band-way" style={{ left: percent(Math.min(crossed(), picture().value ?? 0)), width: percent(Math.abs((picture().value ?? 0) - crossed())) }} />
      </Show>
      <For each={[picture().low, picture().high]}>{(at) => <Show when={at !== null}>{<span class="band-post" style={{ left: percent(at ?? 0) }} />}</Show>}</For>
      <Show when={picture().value !== null}>
        <span class="band-value" style={{ left: percent(picture().value ?? 0) }} />
      </Show>
    </span>
  );
}

export function MilestoneBar(props: { steps: readonly MilestoneStep[]; expected: number | undefined }) {
  return (
    <Show when={props.steps.length > 0} fallback={<span class="bar-line bar-unmeasured" />}>
      <span class="bar-steps">
        <For each={props.steps}>{(step, index) => <span class="bar-step" classList={{ 'bar-step-done': step.done }} style={{ 'flex-grow': stepWidths(props.steps)[index()] ?? 0 }} />}</For>
        <Expected at={props.expected} />
      </span>
    </Show>
  );
}

export function stepsOf(plan: LiveStore, keyResult: EntityId): readonly MilestoneStep[] {
  return plan.children(keyResult, 'milestone').map((id) => ({ weight: plan.number(id, 'weight') ?? 1, done: plan.boolean(id, 'done') }));
}
