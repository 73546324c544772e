// Short news at the edge of the page. Each stays until its time is up, unless the pointer or the focus rests on it; what can be
// undone carries its button. A polite live region: a screen reader finishes its sentence first.
import { For, Show, createSignal, onCleanup } from 'solid-js';
import { t } from '../../i18n';
import { focusAfter } from '../state/focus_place';
import { Icon } from './icons';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}
export interface Toast {
  readonly text: string;
  readonly detail?: string;
  readonly tone?: 'plain' | 'warn';
  readonly actions?: readonly ToastAction[];
  readonly seconds?: number; // absent: as long as reading takes
}
interface ShownToast extends Toast {
  readonly key: number;
}

const shownMax = 4;
const secondsPlain = 6;
const secondsWithAction = 12;

const [toasts, setToasts] = createSignal<readonly ShownToast[]>([]);
let lastKey = 0;

export function showToast(toast: Toast): () => void {
  const key = ++lastKey;
  setToasts((old) => [...old, { ...toast, key }].slice(-shownMax));
  return () => dismiss(key);
}

function dismiss(key: number): void {
  setToasts((old) => old.filter((it) => it.key !== key));
}

export function ToastRegion() {
  return (
    <section class="toasts" role="region" aria-label={t().toast.region} aria-live="polite" aria-relevant="additions">
      <For each={toasts()}>{(toast) => <ToastCard toast={toast} />}</For>
    </section>
  );
}

function ToastCard(props: { toast: ShownToast }) {
  const seconds = () => props.toast.seconds ?? (props.toast.actions ? secondsWithAction : secondsPlain);
  let timer: ReturnType<typeof setTimeout>;
  const wait = () => (timer = setTimeout(() => dismiss(props.toast.key), seconds() * 1000));
  const hold = () => clearTimeout(timer);
  wait();
  onCleanup(hold);
  return (
    <div class="toast" data-tone={props.toast.tone ?? 'plain'} onPointerEnter={hold} onPointerLeave={wait} onFocusIn={hold} onFocusOut={wait}>
      <div class="toast-words">
        <strong>{props.toast.text}</strong>
        <Show when={props.toast.detail}>
          <span class="toast-detail">{props.toast.detail}</span>
        </Show>
      </div>
      <For each={props.toast.actions ?? []}>
        {(action) => (
          <button
            class="toast-action"
            onClick={() => {
              focusAfter(() => null); // the button goes; what it does may know a better place
              action.run();
              dismiss(props.toast.key);
            }}
          >
            {action.label}
          </button>
        )}
      </For>
      <button class="icon-button" aria-label={t().close} onClick={() => {
          focusAfter(() => null);
          dismiss(props.toast.key);
        }}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
