// Somebody removes what is being written in: its text stays under the hands of whoever writes, where it stood, and goes on into what was
// removed, so that it has every letter when it is brought back. It goes when its writer leaves it.
import type { EntityId, LiveDocument } from '../../sync/api';
import { t } from '../../i18n';
import { requestFocus } from '../state/focus';
import type { LiveStore } from '../../store/live_store';
import { focusAfter, textBefore } from '../state/focus_place';
import { editorModule } from './load_editor';
import { PlainEditor } from './plain_editor';
import type { Selection, SurfaceOptions } from './text_surface';

// To be called while `was` is still in the page. Does nothing where it goes for another reason.
export function stayUnderHands(store: LiveStore, options: SurfaceOptions, was: HTMLElement, selection: Selection): void {
  const { document: live, id, field } = options;
  if (!isGone(live, id)) return;
  if (store.wasRemovedHere(id)) return focusAfter(textBefore(was)); // by undo: what is typed next is not meant for it
  const { left, top, width } = was.getBoundingClientRect();
  const { font, letterSpacing } = getComputedStyle(was);
  const box = document.createElement('div');
  box.className = 'text-field text-stays';
  box.dataset['entity'] = id;
  Object.assign(box.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, font, letterSpacing });
  // After the step that removed it: what else is told of that step is in the text already.
  queueMicrotask(() => begin(box));

  function begin(parent: HTMLElement): void {
    document.body.append(parent);
    const module = editorModule();
    // A plain input lies on its words, which give it its measures.
    const below = document.createElement('div');
    below.className = 'text-words';
    below.ariaHidden = 'true';
    below.textContent = textNow();
    if (module === null) parent.append(below);
    const surface: SurfaceOptions = {
      ...options,
      parent,
      text: textNow(),
      onEnter: () => undefined,
      onEmptyBackspace: () => false,
      onPaste: () => false,
      onSelection: () => undefined,
      onChange: () => undefined,
      onFocus: (focused) => void (focused || setTimeout(() => hasFocus() || end())),
    };
    const why = document.createElement('p');
    why.className = 'text-stays-why';
    why.textContent = t().plan.removedStays;
    const editor = module === null ? new PlainEditor(surface) : new module.TextEditor(surface);
    const hasFocus = (): boolean => parent !== document.activeElement && parent.contains(document.activeElement);
    const unsubscribe = live.subscribe((event) => {
      if (event.type === 'text') below.textContent = textNow();
      if ((event.type !== 'entity' && event.type !== 'reset') || isGone(live, id)) return;
      end();
      requestFocus(id, field);
    });
    const end = (): void => {
      if (!parent.isConnected) return;
      unsubscribe();
      editor.destroy();
      parent.remove();
      focusAfter();
    };
    parent.append(why);
    editor.focusOn(selection);
  }

  function textNow(): string {
    const value = live.entity(id)?.fields[field];
    return typeof value === 'string' ? value : '';
  }
}

function isGone(live: LiveDocument, id: EntityId): boolean {
  for (let at = live.entity(id); at !== undefined; at = at.parent === null ? undefined : live.entity(at.parent)) if (at.removed) return true;
  return false;
}
