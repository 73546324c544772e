// Confidence from 0 to 10: a chip that opens a scale; a digit typed on the chip sets it at once, and a 0 right after a 1 makes it 10.
import { For, Show, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { sightOf } from '../../sync/sight';
import type { LiveStore } from '../../store/live_store';
import { formats, t } from '../../i18n';
import { Popover } from '../kit/popover';
import { washOnRemote } from '../state/motion';
import { setField } from '../state/submit';
import { confidenceKeys } from './confidence_keys';
import { confidenceTone, type ConfidenceBounds } from './confidence_tone';

const scale = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

export function ConfidenceField(props: { store: LiveStore; id: EntityId; bounds: ConfidenceBounds }) {
  let chip!: HTMLSpanElement;
  const [open, setOpen] = createSignal(false);
  const value = () => props.store.number(props.id, 'confidence');
  const label = () => {
    const number = value();
    return number === undefined ? t().field.confidenceNone : t().field.confidenceOf(number);
  };
  washOnRemote(props.store.document, props.id, 'confidence', () => chip);

  let opened = sightOf(props.store.document.status); // the scale
  const set = (next: number | null): void => {
    const sight = open() ? opened : sightOf(props.store.document.status);
    setOpen(false);
    if (next === (value() ?? null)) return;
    setField(props.store, { id: props.id, field: 'confidence' }, next, sight);
  };
  const onKey = confidenceKeys(set);
  return (
    <span ref={chip} class="confidence" data-tone={confidenceTone(value(), props.bounds)}>
      <Popover
        label={label()}
        title={t().field.confidence}
        triggerClass="confidence-chip number"
        open={open()}
        onOpenChange={(next) => {
          setOpen(next);
          if (!next) return;
          opened = sightOf(props.store.document.status);
          props.store.document.setPlace({ entity: props.id, field: 'confidence' });
        }}
        onTriggerKeyDown={onKey}
        trigger={
          <Show when={value() !== undefined} fallback={t().notMeasured}>
            {formats().number(value() ?? 0)}
          </Show>
        }
      >
        <ConfidenceScale value={value()} bounds={props.bounds} onPick={set} />
      </Popover>
    </span>
  );
}

export function ConfidenceScale(props: { value: number | undefined; last?: number | undefined; bounds: ConfidenceBounds; onPick: (value: number | null) => void }) {
  const [pointed, setPointed] = createSignal<number | null>(null);
  const words = () => {
    const step = pointed() ?? props.value;
    return step === undefined ? '' : (t().confidenceWords[Math.round(step)] ?? '');
  };
  let group!: HTMLDivElement;
  const typed = confidenceKeys((value) => {
    const button = value === null ? undefined : group.querySelectorAll('button')[value];
    button?.focus();
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    typed(event);
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const buttons = [...group.querySelectorAll('button')];
    const index = buttons.findIndex((it) => it === document.activeElement);
    buttons[Math.min(buttons.length - 1, Math.max(0, index + step))]?.focus();
  };
  return (
    <div class="confidence-scale">
      <div ref={group} class="confidence-steps" role="radiogroup" aria-label={t().field.confidence} onKeyDown={onKeyDown} onPointerLeave={() => setPointed(null)} onFocusOut={() => setPointed(null)}>
        <For each={scale}>
          {(step) => (
            <button
              type="button"
              class="number"
              classList={{ 'confidence-last': props.last === step }}
              role="radio"
              aria-checked={props.value === step}
              aria-label={`${step}: ${t().confidenceWords[step] ?? ''}`}
              data-tone={confidenceTone(step, props.bounds)}
              tabindex={(props.value ?? 5) === step ? 0 : -1}
              onPointerEnter={() => setPointed(step)}
              onFocus={() => setPointed(step)}
              onClick={() => props.onPick(step)}
            >
              {step}
            </button>
          )}
        </For>
      </div>
      <div class="confidence-foot">
        <span>{words()}</span>
        <Show when={props.value !== undefined}>
          <button type="button" class="text-button" onClick={() => props.onPick(null)}>
            {t().field.clear}
          </button>
        </Show>
      </div>
    </div>
  );
}
