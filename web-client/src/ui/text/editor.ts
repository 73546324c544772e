// One CodeMirror editor over one text of the document. Created when somebody is about to write and dropped afterwards; loaded apart from
// the page. It keeps no history: undo belongs to the sync core.
import { Annotation, EditorState, Transaction, type Extension, type TransactionSpec } from '@codemirror/state';
import { EditorView, keymap, type KeyBinding, type ViewUpdate } from '@codemirror/view';
import { codePointCount, editFromUnitChanges, toCodePoints, toUnits, unitChangesFromEdit, type UnitChange } from '../../document/code_points';
import type { TextEdit } from '../../document/operation';
import type { FieldName } from '../../protocol/schema';
import type { DocumentEvent, EntityId, LiveDocument } from '../../sync/api';
import { TextLink } from './text_link';

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly document: LiveDocument;
  readonly id: EntityId;
  readonly field: FieldName;
  readonly text: string;
  readonly label: string;
  readonly multiline: boolean;
  readonly lengthMax: number; // code points
  readonly onEnter: () => void; // single lines: add the next
  readonly onEmptyBackspace: () => boolean;
  readonly onSelection: (anchor: number, head: number) => void; // code points
  readonly onFocus: (focused: boolean) => void;
  readonly onChange: () => void; // after each redraw of the text: carets measure again
}

const fromDocument = Annotation.define<boolean>();
const afterCompositionMs = 60; // CodeMirror itself waits 50 ms for the input method's last words

const look = EditorView.theme({
  '&': { backgroundColor: 'transparent', outline: 'none !important' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: 'inherit', overflow: 'visible' },
  '.cm-content': { padding: '0', caretColor: 'var(--ink)', minHeight: '1lh' },
  '.cm-line': { padding: '0' },
});

export class TextEditor {
  readonly view: EditorView;
  private readonly options: EditorOptions;
  private readonly link: TextLink;
  private readonly unsubscribe: () => void;
  private submitting = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EditorOptions) {
    this.options = options;
    this.link = new TextLink({ submit: (edit) => this.submit(edit), show: (edit, own) => this.show(edit, own) });
    this.view = new EditorView({ parent: options.parent, state: EditorState.create({ doc: options.text, extensions: this.extensions() }) });
    this.unsubscribe = options.document.subscribe((event) => this.onEvent(event));
  }

  get composing(): boolean {
    return this.link.holding;
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

  get selection(): { anchor: number; head: number } {
    const { anchor, head } = this.view.state.selection.main;
    return { anchor, head };
  }

  focusOn(selection: { anchor: number; head: number }): void {
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

  destroy(): void {
    clearTimeout(this.timer);
    this.link.release(); // what was composed up to here is the user's and goes to the document
    this.unsubscribe();
    this.view.destroy();
  }

  private text(): string {
    return this.view.state.doc.toString();
  }

  private submit(edit: TextEdit): void {
    const { document: live, id, field } = this.options;
    this.submitting = true;
    const refusal = live.submit([{ op: 'edit', id, field, edit }]);
    this.submitting = false;
    if (refusal !== null) this.showAll();
  }

  private show(edit: TextEdit, own: boolean): void {
    const changes = unitChangesFromEdit(this.text(), edit);
    const set = this.view.state.changes(changes);
    const last = changes.at(-1);
    this.view.dispatch({
      changes: set,
      annotations: [fromDocument.of(true), Transaction.remote.of(!own), Transaction.addToHistory.of(false)],
      ...(own && last ? { selection: { anchor: set.mapPos(last.to, 1) } } : {}),
    });
  }

  // The document's text as it is, where edits alone do not lead to it. What stays stays, and the caret with it.
  private showAll(): void {
    const value = this.options.document.entity(this.options.id)?.fields[this.options.field];
    const text = typeof value === 'string' ? value : '';
    this.link.replaced(this.text(), text);
  }

  private onEvent(event: DocumentEvent): void {
    if (event.type === 'reset') this.showAll();
    else if (event.type === 'text' && event.id === this.options.id && event.field === this.options.field && !this.submitting) {
      this.link.arrived(event.edit, event.origin === 'local');
    }
  }

  private onUpdate(update: ViewUpdate): void {
    for (const transaction of update.transactions) {
      if (!transaction.docChanged || transaction.annotation(fromDocument)) continue;
      const changes: UnitChange[] = [];
      transaction.changes.iterChanges((from, to, _fromNew, _toNew, inserted) => changes.push({ from, to, insert: inserted.toString() }));
      this.link.typed(editFromUnitChanges(transaction.startState.doc.toString(), changes));
    }
    if (update.focusChanged) this.options.onFocus(this.view.hasFocus);
    if ((update.selectionSet || update.docChanged || update.focusChanged) && this.view.hasFocus) this.tellSelection();
    if (update.docChanged || update.geometryChanged) this.options.onChange();
  }

  private tellSelection(): void {
    if (this.link.holding) return;
    const text = this.text();
    const { anchor, head } = this.view.state.selection.main;
    this.options.onSelection(toCodePoints(text, anchor), toCodePoints(text, head));
  }

  private onCompositionEnd(): void {
    if (this.view.compositionStarted) return; // the next syllable has begun
    this.link.release();
    if (this.view.hasFocus) this.tellSelection();
  }

  private extensions(): Extension {
    const { label, multiline } = this.options;
    return [
      look,
      EditorView.lineWrapping,
      EditorView.cspNonce.of(document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''),
      EditorView.contentAttributes.of({
        'aria-label': label,
        'aria-multiline': String(multiline),
        spellcheck: 'true',
        autocapitalize: 'sentences',
        enterkeyhint: multiline ? 'enter' : 'next',
      }),
      keymap.of(this.keys()),
      EditorState.transactionFilter.of((transaction) => (this.link.holding ? transaction : keepShape(transaction, this.options))),
      EditorView.updateListener.of((update) => this.onUpdate(update)),
      EditorView.domEventObservers({
        compositionstart: () => {
          clearTimeout(this.timer);
          this.link.hold(this.text());
        },
        compositionend: () => {
          this.timer = setTimeout(() => this.onCompositionEnd(), afterCompositionMs);
        },
      }),
    ];
  }

  private keys(): readonly KeyBinding[] {
    const { document: live, multiline, onEnter, onEmptyBackspace } = this.options;
    const breakLine = (): void => this.view.dispatch(this.view.state.replaceSelection('\n'), { userEvent: 'input', scrollIntoView: true });
    const always = (act: () => unknown) => (): boolean => {
      act();
      return true;
    };
    return [
      { key: 'Mod-z', run: always(() => live.undo()) },
      { key: 'Mod-Shift-z', run: always(() => live.redo()) },
      { key: 'Mod-y', run: always(() => live.redo()) },
      { key: 'Escape', run: always(() => this.view.contentDOM.blur()) },
      { key: 'Backspace', run: () => this.view.state.doc.length === 0 && onEmptyBackspace() },
      { key: 'Enter', run: always(multiline ? breakLine : onEnter), shift: always(multiline ? breakLine : () => undefined) },
    ];
  }
}

// A title is one line: what is pasted with line ends becomes one. Nothing grows beyond the schema's limit.
function keepShape(transaction: Transaction, options: EditorOptions): TransactionSpec | readonly TransactionSpec[] {
  if (!transaction.docChanged || transaction.annotation(fromDocument)) return transaction;
  const before = transaction.startState.doc;
  const changes: UnitChange[] = [];
  let room = options.lengthMax - codePointCount(before.toString());
  let altered = false;
  transaction.changes.iterChanges((from, to, _fromNew, _toNew, inserted) => {
    const raw = inserted.toString();
    const line = options.multiline ? raw : raw.replace(/\s*[\r\n]+\s*/g, ' ');
    room += codePointCount(before.sliceString(from, to));
    const insert = codePointCount(line) > room ? line.slice(0, toUnits(line, Math.max(0, room))) : line;
    room -= codePointCount(insert);
    altered ||= insert !== raw;
    changes.push({ from, to, insert });
  });
  const last = changes.at(-1);
  if (!altered || last === undefined) return transaction;
  const grown = changes.reduce((sum, it) => sum + it.insert.length - (it.to - it.from), 0);
  return { changes, selection: { anchor: last.to + grown }, scrollIntoView: true };
}
