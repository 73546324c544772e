// Ties the text that an editor shows to the live document's. Normally both are equal and edits pass straight through. While an input
// method composes (拼音 → 汉字) the editor must not be touched: what others write and what the composition makes of the text are then
// held apart, each composed into one edit over the text as it was, and reconciled by transformation when the composition ends.
import type { TextEdit } from '../../document/operation';
import { compose, transform } from '../../document/text';
import { differenceByWords } from '../../sync/text_difference';

export interface TextLinkEnds {
  readonly submit: (edit: TextEdit) => void; // to the document
  readonly show: (edit: TextEdit, own: boolean) => void; // in the editor; own: an undo or another view of this person
}

export class TextLink {
  private readonly ends: TextLinkEnds;
  private held: { before: string; mine: TextEdit; theirs: TextEdit } | null = null;

  constructor(ends: TextLinkEnds) {
    this.ends = ends;
  }

  get holding(): boolean {
    return this.held !== null;
  }
  // Words that the document has not got.
  get hasUnsent(): boolean {
    return this.held !== null && this.held.mine.length > 0;
  }

  // The user's hand changed the editor.
  typed(edit: TextEdit): void {
    if (edit.length === 0) return;
    if (this.held === null) this.ends.submit(edit);
    else this.held.mine = compose(this.held.mine, edit);
  }

  // The document changed by anything but this editor.
  arrived(edit: TextEdit, own: boolean): void {
    if (edit.length === 0) return;
    if (this.held === null) this.ends.show(edit, own);
    else this.held.theirs = compose(this.held.theirs, edit);
  }

  // Both texts are `before` now.
  hold(before: string): void {
    this.held ??= { before, mine: [], theirs: [] };
  }

  // What others wrote stands first at equal places, as the server will decide it too (TX3, TX4).
  release(): void {
    const held = this.held;
    if (held === null) return;
    this.held = null;
    const theirs = transform(held.theirs, held.mine, 'left');
    const mine = transform(held.mine, held.theirs, 'right');
    if (theirs.length > 0) this.ends.show(theirs, false);
    if (mine.length > 0) this.ends.submit(mine);
  }

  // The document's text is `now`, and no edits tell how it came about (a snapshot).
  replaced(shown: string, now: string): void {
    if (this.held === null) this.arrived(differenceByWords(shown, now), false);
    else this.held.theirs = differenceByWords(this.held.before, now);
  }
}
