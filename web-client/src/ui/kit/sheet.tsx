// A modal surface on Kobalte's dialog: in the middle, or as a sheet from the side that becomes one from below on a phone.
import { Dialog } from '@kobalte/core/dialog';
import { Show, type ParentProps } from 'solid-js';
import { t } from '../../i18n';
import { createLayer, keepFrom } from '../state/layers';
import { Icon } from './icons';

const focusable = 'a[href], button, input, select, textarea, [tabindex="0"]';

interface SheetProps extends ParentProps {
  open: boolean;
  onClose: () => void;
  title: string;
  kind?: 'middle' | 'side' | 'start' | 'top';
  bare?: boolean; // the content brings its own heading line
  focus?: () => HTMLElement | undefined; // what is written in first; absent: the first thing that can be focused
  paper?: boolean; // the page behind it is seen waiting
  locked?: boolean; // has to be answered: no way out but the content's own
}

export function Sheet(props: SheetProps) {
  const close = (open: boolean) => {
    if (!open && !props.locked) props.onClose();
  };
  let content!: HTMLDivElement;
  // Asked before what is in the sheet is there. By the next turn that may have taken the focus itself, for a better place than the first one.
  const focusFirst = (event: Event): void => {
    event.preventDefault();
    setTimeout(() => {
      if (props.open && !content.contains(document.activeElement)) (props.focus?.() ?? content.querySelector<HTMLElement>(focusable) ?? content).focus();
    });
  };
  const ownsEscape = createLayer(() => props.open, null);
  return (
    <Dialog open={props.open} onOpenChange={close} preventScroll={false}>
      <Dialog.Portal>
        <Dialog.Overlay class="veil" classList={{ 'veil-paper': props.paper ?? false }} />
        <div class="sheet-place" data-kind={props.kind ?? 'middle'}>
          <Dialog.Content ref={content} class="sheet" data-kind={props.kind ?? 'middle'} onEscapeKeyDown={keepFrom(ownsEscape)} onOpenAutoFocus={focusFirst}>
            <header class={props.bare ? 'sr-only' : 'sheet-head'}>
              <Dialog.Title class="sheet-title">{props.title}</Dialog.Title>
              <Show when={!props.bare && !props.locked}>
                <Dialog.CloseButton class="icon-button" aria-label={t().close} title={t().close}>
                  <Icon name="close" />
                </Dialog.CloseButton>
              </Show>
            </header>
            {props.children}
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  );
}
