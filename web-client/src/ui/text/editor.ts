// One CodeMirror editor over one text of the document. Created when somebody is about to write and dropped afterwards; loaded apart from
// the page. It keeps no history: undo belongs to the sync core.
import { Annotation, EditorState, StateEffect, Transaction, type Extension, type TransactionSpec } from '@codemirror/state';
import { EditorView, keymap, type KeyBinding, type ViewUpdate } from '@codemirror/view';
import { codePointCount, editFromUnitChanges, toCodePoints, toUnits, unitChangesFromEdit, type UnitChange } from '../../document/code_points';
import type { TextEdit } from '../../document/operation';
import { apply, type Side } from '../../document/text';
import { leaveField } from '../state/focus_place';
import { historyStep } from '../state/history_keys';
import { isInputMethodKey } from '../state/input_method_key';
import { fitEdit } from './fit';
import { oneLine } from './one_line';
import { carrySelection } from './selection';
import type { Source } from './text_link';
import type { Selection, SurfaceOptions, TextSurface } from './text_surface';
import { TextTie } from './text_tie';

const fromDocument = Annotation.define<boolean>();
const leftOver = StateEffect.define<string>(); // words that did not fit

const look = EditorView.theme({
  '&': { backgroundColor: 'transparent', outline: 'none !important' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: 'inherit', overflow: 'visible' },
  '.cm-content': { padding: '0', caretColor: 'var(--ink)', minHeight: '1lh' },
  '.cm-line': { padding: '0' },
});

export class TextEditor implements TextSurface {
  readonly view: EditorView;
  private readonly options: SurfaceOptions;
  private readonly tie: TextTie;
  private label: string;
  private behindOwnWords = false; // the caret has not been put elsewhere since the last own edit

  constructor(options: SurfaceOptions) {
    this.options = options;
    this.label = options.label;
    this.tie = new TextTie(options, {
      text: () => this.text(),
      show: (edit, source) => this.show(edit, source),
      composes: () => this.view.compositionStarted,
      released: () => (this.view.hasFocus ? this.tellSelection() : options.onFocus(false)),
    });
    this.view = new EditorView({ parent: options.parent, state: EditorState.create({ doc: options.text, extensions: this.extensions() }) });
    this.view.contentDOM.addEventListener('keydown', (event) => isInputMethodKey(event) && event.stopPropagation());
  }

  get hasFocus(): boolean {
    return this.view.hasFocus;
  }
  get holding(): boolean {
    return this.tie.holding;
  }

  focusEnd(): void {
    this.view.focus();
    this.view.dispatch({ selection: { anchor: this.view.state.doc.length }, scrollIntoView: true });
  }

  focusAt(x: number, y: number): void {
    const anchor = this.view.posAtCoords({ x, y }, false);
    this.view.focus();
    this.view.dispatch({ selection: { anchor } });
  }

  get selection(): Selection {
    const { anchor, head } = this.view.state.selection.main;
    return { anchor, head };
  }

  focusOn(selection: Selection): void {
    const end = this.view.state.doc.length;
    this.view.focus();
    this.view.dispatch({ selection: { anchor: Math.min(selection.anchor, end), head: Math.min(selection.head, end) } });
  }

  caretRect(position: number): { left: number; top: number; bottom: number } | null {
    return this.view.coordsAtPos(toUnits(this.text(), position));
  }

  range(from: number, to: number): Range {
    const text = this.text();
    const start = this.view.domAtPos(toUnits(text, from));
    const end = this.view.domAtPos(toUnits(text, to));
    const range = document.createRange();
    range.setStart(start.node, start.offset);
    range.setEnd(end.node, end.offset);
    return range;
  }

  relabel(label: string): void {
    if (label === this.label) return;
    this.label = label;
    this.view.dispatch({}); // reads it again
  }

  destroy(): void {
    this.tie.end();
    this.view.destroy();
  }

  private text(): string {
    return this.view.state.doc.toString();
  }

  private show(edit: TextEdit, { own, side }: Source): void {
    const changes = unitChangesFromEdit(this.text(), edit);
    const set = this.view.state.changes(changes);
    const last = changes.at(-1);
    this.view.dispatch({
      changes: set,
      annotations: [fromDocument.of(true), Transaction.remote.of(!own), Transaction.addToHistory.of(false)],
      selection: own && last ? { anchor: set.mapPos(last.to, 1) } : this.selectionAfter(edit, this.behindOwnWords ? 'left' : side),
    });
    if (own) this.behindOwnWords = true;
  }

  private selectionAfter(edit: TextEdit, side: Side): Selection {
    const before = this.text();
    const after = apply(before, edit);
    const { anchor, head } = carrySelection({ anchor: toCodePoints(before, this.selection.anchor), head: toCodePoints(before, this.selection.head) }, edit, side);
    return { anchor: toUnits(after, anchor), head: toUnits(after, head) };
  }

  private onUpdate(update: ViewUpdate): void {
    for (const transaction of update.transactions) {
      if (transaction.annotation(fromDocument)) continue;
      for (const effect of transaction.effects) if (effect.is(leftOver)) this.options.onLeftOver(effect.value, 'text_too_long');
      if (transaction.docChanged) this.behindOwnWords = true;
      else if (transaction.selection) this.behindOwnWords = false;
      if (!transaction.docChanged) continue;
      const changes: UnitChange[] = [];
      transaction.changes.iterChanges((from, to, _fromNew, _toNew, inserted) => changes.push({ from, to, insert: inserted.toString() }));
      this.tie.typed(editFromUnitChanges(transaction.startState.doc.toString(), changes));
    }
    if (update.focusChanged) this.options.onFocus(this.view.hasFocus);
    if ((update.selectionSet || update.docChanged || update.focusChanged) && this.view.hasFocus) this.tellSelection();
    if (update.docChanged || update.geometryChanged) this.options.onChange();
  }

  private tellSelection(): void {
    if (this.tie.holding) return;
    const text = this.text();
    const { anchor, head } = this.view.state.selection.main;
    this.options.onSelection(toCodePoints(text, anchor), toCodePoints(text, head));
  }

  private extensions(): Extension {
    const { multiline } = this.options;
    return [
      look,
      EditorView.lineWrapping,
      EditorView.cspNonce.of(document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''),
      EditorView.contentAttributes.of(() => ({
        'aria-label': this.label,
        'data-escape': 'field',
        'aria-multiline': String(multiline),
        spellcheck: 'true',
        autocapitalize: 'sentences',
        enterkeyhint: multiline ? 'enter' : 'next',
      })),
      keymap.of(this.keys()),
      EditorState.transactionFilter.of((transaction) => (this.tie.holding ? transaction : keepShape(transaction, this.options))),
      EditorView.updateListener.of((update) => this.onUpdate(update)),
      EditorView.domEventObservers({
        compositionstart: () => this.tie.compositionBegan(),
        compositionend: () => this.tie.compositionEnded(),
        paste: (event) => this.options.onPaste(event.clipboardData?.getData('text/plain') ?? '') && (event.preventDefault(), true),
      }),
    ];
  }

  private takeStep(event: KeyboardEvent): boolean {
    const step = historyStep(event);
    if (step !== null) this.options.document[step]();
    return step !== null;
  }

  private keys(): readonly KeyBinding[] {
    const { multiline, onEnter, onEmptyBackspace } = this.options;
    const breakLine = (): void => this.view.dispatch(this.view.state.replaceSelection('\n'), { userEvent: 'input', scrollIntoView: true });
    const always = (act: () => unknown) => (): boolean => {
      act();
      return true;
    };
    return [
      { any: (_view, event) => this.takeStep(event) },
      { key: 'Escape', run: always(() => leaveField(this.view.contentDOM)) },
      { key: 'Backspace', run: () => this.view.state.doc.length === 0 && onEmptyBackspace() },
      { key: 'Enter', run: always(multiline ? breakLine : onEnter), shift: always(multiline ? breakLine : () => undefined) },
    ];
  }
}

// A title is one line: what is pasted with line ends or tabs becomes one. Nothing grows beyond the schema's limit.
function keepShape(transaction: Transaction, options: SurfaceOptions): TransactionSpec | readonly TransactionSpec[] {
  if (!transaction.docChanged || transaction.annotation(fromDocument)) return transaction;
  const before = transaction.startState.doc.toString();
  const changes: UnitChange[] = [];
  let altered = false;
  transaction.changes.iterChanges((from, to, _fromNew, _toNew, inserted) => {
    const raw = inserted.toString();
    const insert = options.multiline ? raw : oneLine(raw);
    altered ||= insert !== raw;
    changes.push({ from, to, insert });
  });
  const { edit, rest } = fitEdit(editFromUnitChanges(before, changes), codePointCount(before), options.lengthMax);
  if (!altered && rest === '') return transaction;
  const fitting = unitChangesFromEdit(before, edit);
  const grown = fitting.reduce((sum, it) => sum + it.insert.length - (it.to - it.from), 0);
  const anchor = (fitting.at(-1)?.to ?? transaction.startState.selection.main.head) + grown;
  return { changes: fitting, selection: { anchor }, scrollIntoView: true, ...(rest === '' ? {} : { effects: leftOver.of(rest) }) };
}
