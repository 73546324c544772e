// What every editor of a text of the document has in common: own edits go there, others' come from there, and while an input method composes
// both are held apart (`text_link.ts`). A composition ends in an event that need not come; `state/composition.ts` makes up for it, and
// when the page goes away there is no time to wait for anything.
import { codePointCount } from '../../document/code_points';
import type { TextEdit } from '../../document/operation';
import { sideOf } from '../../document/text';
import type { FieldName } from '../../protocol/schema';
import type { DocumentEvent, EntityId, LiveDocument } from '../../sync/api';
import { setUnsent } from '../state/unsent_words';
import { fitEdit } from './fit';
import { TextLink, type Source } from './text_link';

export interface TieOptions {
  readonly document: LiveDocument;
  readonly id: EntityId;
  readonly field: FieldName;
  readonly lengthMax: number; // code points
  readonly onLeftOver: (words: string, code: string) => void; // words that the document did not take, and its refusal's code
}
export interface TiedEditor {
  text(): string;
  show(edit: TextEdit, source: Source): void;
  composes(): boolean;
  released(): void;
}

const afterCompositionMs = 60; // CodeMirror itself waits 50 ms for the input method's last words

export class TextTie {
  private readonly options: TieOptions;
  private readonly editor: TiedEditor;
  private readonly link: TextLink;
  private readonly unsubscribe: () => void;
  private submitting = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly onPageHide = (): void => this.release();

  constructor(options: TieOptions, editor: TiedEditor) {
    this.options = options;
    this.editor = editor;
    this.link = new TextLink({ submit: (edit) => this.submit(edit), show: (edit, source) => editor.show(edit, source) });
    this.unsubscribe = options.document.subscribe((event) => this.onEvent(event));
    addEventListener('pagehide', this.onPageHide);
  }

  get holding(): boolean {
    return this.link.holding;
  }

  typed(edit: TextEdit): void {
    this.link.typed(edit);
    setUnsent(this, this.link.hasUnsent);
  }
  compositionBegan(): void {
    clearTimeout(this.timer);
    this.link.hold(this.editor.text());
  }
  compositionEnded(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.editor.composes()) this.release(); // else the next syllable has begun
    }, afterCompositionMs);
  }

  // What was composed up to here is the user's and goes to the document.
  end(): void {
    this.release();
    this.unsubscribe();
    removeEventListener('pagehide', this.onPageHide);
  }

  private release(): void {
    clearTimeout(this.timer);
    if (!this.link.holding) return;
    this.link.release();
    setUnsent(this, false);
    this.editor.released();
  }

  // What the document does not take is not dropped: its words are left over.
  private submit(edit: TextEdit): void {
    const { document: live, id, field, lengthMax, onLeftOver } = this.options;
    const { edit: fitting, rest } = fitEdit(edit, codePointCount(this.documentText()), lengthMax);
    this.submitting = true;
    const refusal = fitting.length === 0 ? null : live.submit([{ op: 'edit', id, field, edit: fitting }]);
    this.submitting = false;
    if (refusal === null && rest === '') return;
    this.showAll();
    const words = refusal === null ? rest : edit.filter((it) => typeof it === 'string').join('');
    if (words !== '') onLeftOver(words, refusal?.code ?? 'text_too_long');
  }

  private documentText(): string {
    const value = this.options.document.entity(this.options.id)?.fields[this.options.field];
    return typeof value === 'string' ? value : '';
  }

  // The document's text as it is, where edits alone do not lead to it. What stays stays, and the caret with it.
  private showAll(): void {
    this.link.replaced(this.editor.text(), this.documentText());
  }

  private onEvent(event: DocumentEvent): void {
    if (event.type === 'reset') this.showAll();
    else if (event.type === 'text' && event.id === this.options.id && event.field === this.options.field && !this.submitting) {
      const own = event.origin === 'local';
      this.link.arrived(event.edit, { own, side: own || event.by === null ? 'right' : sideOf(this.options.document.client, event.by) });
    }
  }
}
