// The frame of a workspace's pages: sidebar (a drawer on a phone), palette, keys, the question for a name.
import { useLocation } from '@solidjs/router';
import { Show, createEffect, createSignal, lazy, on, onCleanup, onMount, type Accessor, type ParentProps } from 'solid-js';
import { Sheet } from '../kit/sheet';
import { t } from '../../i18n';
import { focusAfter } from '../state/focus_place';
import { historyStep } from '../state/history_keys';
import { hasName } from '../state/identity';
import type { PaletteItem } from '../palette/items';
import { createLent } from './lent';
import { Sidebar } from './sidebar';
import { ShellContext, type Shell } from './use_shell';

const Palette = lazy(() => import('../palette/palette').then((it) => ({ default: it.Palette })));
const Keys = lazy(() => import('../palette/keys').then((it) => ({ default: it.Keys })));
const NameDialog = lazy(() => import('./name_dialog').then((it) => ({ default: it.NameDialog })));

type Surface = 'menu' | 'palette' | 'keys' | 'name' | null;

export function ShellFrame(props: ParentProps) {
  const [surface, setSurface] = createSignal<Surface>(hasName() ? null : 'name');
  const offered = createLent<Accessor<readonly PaletteItem[]>>();
  const steps = createLent<{ undo: () => void; redo: () => void }>();
  const close = () => setSurface(null);

  const shell: Shell = {
    openMenu: () => setSurface('menu'),
    openPalette: () => setSurface('palette'),
    openKeys: () => setSurface('keys'),
    openName: () => setSurface('name'),
    asks: () => surface() === 'name',
    offer: offered.lend,
    history: (undo, redo) => steps.lend({ undo, redo }),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const mod = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const step = historyStep(event);
    if (mod && !event.altKey && key === 'k') {
      event.preventDefault();
      setSurface((now) => (now === 'palette' ? null : 'palette'));
    } else if (step !== null && !writes(event.target)) {
      event.preventDefault();
      steps.now()?.[step]();
    } else if (event.key === '?' && !mod && !writes(event.target)) {
      event.preventDefault();
      setSurface('keys');
    }
  };
  const location = useLocation();
  // A link on the page that has gone, or the browser's Back, leaves the focus nowhere.
  createEffect(on(() => location.pathname, () => focusAfter(), { defer: true }));
  onMount(() => {
    addEventListener('keydown', onKeyDown);
    onCleanup(() => removeEventListener('keydown', onKeyDown));
  });

  return (
    <ShellContext.Provider value={shell}>
      <a class="skip-link" href="#content">
        {t().skipToContent}
      </a>
      <div class="frame">
        <aside class="side">
          <Sidebar />
        </aside>
        {props.children}
      </div>
      <Sheet kind="start" open={surface() === 'menu'} onClose={close} title={t().menu} bare>
        <Sidebar onLeave={close} />
      </Sheet>
      <Show when={surface() === 'palette'}>
        <Palette items={offered.now()?.() ?? []} onClose={close} />
      </Show>
      <Show when={surface() === 'keys'}>
        <Keys onClose={close} />
      </Show>
      <Show when={surface() === 'name'}>
        <NameDialog onClose={close} />
      </Show>
    </ShellContext.Provider>
  );
}

function writes(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type="checkbox"]), textarea'));
}
