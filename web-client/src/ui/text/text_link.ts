// Ties the text that an editor shows to the live document's. Normally both are equal and edits pass straight through. While an input
// method composes (拼音 → 汉字) the editor must not be touched: what others write and what the composition makes of the text are then
// held apart, each composed into one edit over the text as it was, and reconciled by transformation when the composition ends.
import type { TextEdit } from '../../document/operation';
import { compose, opposite, transform, type Side } from '../../document/text';
import { differenceByWords } from '../../sync/text_difference';

// Whose an edit is that comes from the document: of this person (an undo, or another view), or of others; and the side that this
// editor's words have against it where both stand at one place (TX3).
export interface Source {
  readonly own: boolean;
  readonly side: Side;
}
export interface TextLinkEnds {
  readonly submit: (edit: TextEdit) => void; // to the document
  readonly show: (edit: TextEdit, source: Source) => void; // in the editor
}
interface Arrival {
  readonly edit: TextEdit;
  readonly side: Side;
}

export class TextLink {
  private readonly ends: TextLinkEnds;
  private held: { before: string; mine: TextEdit; theirs: Arrival[] } | null = null;

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
  arrived(edit: TextEdit, source: Source): void {
    if (edit.length === 0) return;
    if (this.held === null) return this.ends.show(edit, source);
    const { theirs } = this.held;
    const last = theirs.at(-1);
    if (last?.side === source.side) theirs[theirs.length - 1] = { edit: compose(last.edit, edit), side: last.side };
    else theirs.push({ edit, side: source.side });
  }

  // Both texts are `before` now.
  hold(before: string): void {
    this.held ??= { before, mine: [], theirs: [] };
  }

  // What was composed stands where it would have come to stand, had it been sent letter by letter: on another side, the next letters of
  // somebody who types there too would come to stand behind it, and tear their word.
  release(): void {
    const held = this.held;
    if (held === null) return;
    this.held = null;
    let { mine } = held;
    for (const { edit, side } of held.theirs) {
      const theirs = transform(edit, mine, opposite(side));
      mine = transform(mine, edit, side);
      if (theirs.length > 0) this.ends.show(theirs, { own: false, side });
    }
    if (mine.length > 0) this.ends.submit(mine);
  }

  // The document's text is `now`, and no edits tell how it came about (a snapshot).
  replaced(shown: string, now: string): void {
    const side = 'right'; // RB4
    if (this.held === null) this.arrived(differenceByWords(shown, now), { own: false, side });
    else this.held.theirs = [{ edit: differenceByWords(this.held.before, now), side }];
  }
}
