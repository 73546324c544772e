// Where the caret or the selection of somebody who is writing goes when others edit the text.
import type { TextEdit } from '../../document/operation';
import { transformPosition, type Side } from '../../document/text';

export interface Selection {
  readonly anchor: number; // code points
  readonly head: number;
}

// A caret stands on the side of an insertion at its place that its owner's next letter would have had if both had been typed at once
// (TX3): then it makes no difference who was first, and neither tears the other's word. A selection does not grow: what was never
// selected must not be typed over. `side` is the owner's against the edit.
export function carrySelection({ anchor, head }: Selection, edit: TextEdit, side: Side): Selection {
  const from = transformPosition(Math.min(anchor, head), edit, 'right');
  const to = transformPosition(Math.max(anchor, head), edit, 'left');
  if (from < to) return anchor < head ? { anchor: from, head: to } : { anchor: to, head: from };
  const caret = transformPosition(head, edit, side);
  return { anchor: caret, head: caret };
}
