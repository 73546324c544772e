// A plain input over the words of a text, for the moments until the editor has come over a slow line: it takes keys, input methods and
// pastes from the first paint on, and hands its caret over. It lies on the words, which give it its measures.
import { codePointCount, toCodePoints, toUnits } from '../../document/code_points';
import type { TextEdit } from '../../document/operation';
import { apply, difference, transformPosition } from '../../document/text';
import { fitEdit } from './fit';
import type { Selection, SurfaceOptions, TextSurface } from './text_surface';
import { leaveField } from '../state/focus_place';
import { TextTie } from './text_tie';

export class PlainEditor implements TextSurface {
  private readonly input = document.createElement('textarea');
  private readonly options: SurfaceOptions;
  private readonly tie: TextTie;
  private shown: string; // what the document knows of the input's text, or will know when the composition ends
  private composing = false;

  constructor(options: SurfaceOptions) {
    this.options = options;
    this.shown = options.text;
    this.tie = new TextTie(options, {
      text: () => this.shown,
      show: (edit, { own }) => this.show(edit, own),
      composes: () => this.composing,
      released: () => (this.hasFocus ? this.tellSelection() : options.onFocus(false)),
    });
    const { input } = this;
    input.className = 'text-plain';
    input.rows = 1;
    input.value = options.text;
    this.relabel(options.label);
    input.dataset['escape'] = 'field';
    input.enterKeyHint = options.multiline ? 'enter' : 'next';
    this.listen();
    options.parent.append(input);
  }

  get hasFocus(): boolean {
    return document.activeElement === this.input;
  }
  get holding(): boolean {
    return this.tie.holding;
  }
  get selection(): Selection {
    const { selectionStart: start, selectionEnd: end, selectionDirection } = this.input;
    return selectionDirection === 'backward' ? { anchor: end, head: start } : { anchor: start, head: end };
  }
  focusEnd(): void {
    const end = this.input.value.length;
    this.focusOn({ anchor: end, head: end });
  }
  // The press itself puts the caret into the input when it lies there already; where it comes late, the end is the next best.
  focusAt(): void {
    if (!this.hasFocus) this.focusEnd();
  }
  focusOn({ anchor, head }: Selection): void {
    this.input.focus();
    this.select(anchor, head);
  }
  relabel(label: string): void {
    this.input.setAttribute('aria-label', label);
  }
  destroy(): void {
    this.onInput(); // what a browser would tell only after the end of a composition
    this.tie.end();
    this.input.remove();
  }

  private select(anchor: number, head: number): void {
    this.input.setSelectionRange(Math.min(anchor, head), Math.max(anchor, head), head < anchor ? 'backward' : 'forward');
  }

  private show(edit: TextEdit, own: boolean): void {
    const { anchor, head } = this.selection;
    const before = this.shown;
    this.shown = apply(before, edit);
    this.input.value = this.shown;
    const moved = (unit: number): number => toUnits(this.shown, transformPosition(toCodePoints(before, unit), edit, own ? 'right' : 'left'));
    this.select(moved(anchor), moved(head));
    this.options.onChange();
  }

  private onInput(): void {
    const { multiline, lengthMax, onLeftOver } = this.options;
    const written = multiline ? this.input.value : this.input.value.replace(/\s*[\r\n]+\s*/g, ' ');
    const wanted = difference(this.shown, written);
    const { edit, rest } = this.composing ? { edit: wanted, rest: '' } : fitEdit(wanted, codePointCount(this.shown), lengthMax);
    this.shown = apply(this.shown, edit);
    if (this.input.value !== this.shown) {
      const caret = toUnits(this.shown, endOf(wanted, edit));
      this.input.value = this.shown;
      this.select(caret, caret);
    }
    this.tie.typed(edit);
    if (rest !== '') onLeftOver(rest, 'text_too_long');
    this.options.onChange();
  }

  private tellSelection(): void {
    if (!this.hasFocus || this.tie.holding) return;
    const { anchor, head } = this.selection;
    this.options.onSelection(toCodePoints(this.shown, anchor), toCodePoints(this.shown, head));
  }

  private onKeyDown(event: KeyboardEvent): void {
    const { multiline, document: live, onEnter, onEmptyBackspace } = this.options;
    const mod = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    let acted = true;
    if (event.key === 'Enter' && !multiline && !event.altKey && !mod) {
      if (!event.shiftKey) onEnter();
    } else if (event.key === 'Escape') leaveField(this.input);
    else if (event.key === 'Backspace') acted = this.input.value === '' && onEmptyBackspace();
    else if (mod && key === 'y') live.redo();
    else if (mod && key === 'z') {
      if (event.shiftKey) live.redo();
      else live.undo();
    } else acted = false;
    if (acted) event.preventDefault();
  }

  private listen(): void {
    const { input } = this;
    input.addEventListener('input', () => this.onInput());
    input.addEventListener('paste', (event) => this.options.onPaste(event.clipboardData?.getData('text/plain') ?? '') && event.preventDefault());
    input.addEventListener('keydown', (event) => this.onKeyDown(event));
    input.addEventListener('select', () => this.tellSelection());
    input.addEventListener('click', () => this.tellSelection());
    input.addEventListener('keyup', () => this.tellSelection());
    input.addEventListener('focus', () => {
      this.options.onFocus(true);
      this.tellSelection();
    });
    input.addEventListener('blur', () => this.options.onFocus(false));
    input.addEventListener('compositionstart', () => {
      this.composing = true;
      this.tie.compositionBegan();
    });
    input.addEventListener('compositionend', () => {
      this.composing = false;
      this.tie.compositionEnded();
    });
  }
}

// Behind what `edit` inserts, which is what fits of `wanted`: one stretch that replaces another.
function endOf(wanted: TextEdit, edit: TextEdit): number {
  const start = typeof wanted[0] === 'number' ? wanted[0] : 0;
  return edit.reduce<number>((end, it) => (typeof it === 'string' ? end + codePointCount(it) : end), start);
}
