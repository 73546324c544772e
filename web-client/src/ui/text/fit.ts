// What of an edit fits into its text. Limits count code points; what is cut off begins with a whole character as people see one, so that no
// family of emoji is torn apart.
import { codePointCount } from '../../document/code_points';
import type { TextComponent, TextEdit } from '../../document/operation';
import { normalise } from '../../document/text';

export interface Fitted {
  readonly edit: TextEdit;
  readonly rest: string; // of what it would have inserted
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export function fitEdit(edit: TextEdit, length: number, lengthMax: number): Fitted {
  const [inserted, deleted] = edit.reduce(([more, less], it) => (typeof it === 'string' ? [more + codePointCount(it), less] : [more, less + (typeof it === 'object' ? it.d : 0)]), [0, 0]);
  let room = lengthMax - length + deleted;
  if (inserted <= room) return { edit, rest: '' };
  const fitting: TextComponent[] = [];
  let rest = '';
  for (const it of edit) {
    if (typeof it !== 'string') {
      fitting.push(it);
      continue;
    }
    const fits = rest === '' ? beginningOf(it, room) : '';
    fitting.push(fits);
    room -= codePointCount(fits);
    rest += it.slice(fits.length);
  }
  return { edit: normalise(fitting), rest };
}

// As many whole characters as `room` code points hold.
export function beginningOf(words: string, room: number): string {
  let left = room;
  let end = 0;
  for (const { segment } of characters.segment(words)) {
    left -= codePointCount(segment);
    if (left < 0) break;
    end += segment.length;
  }
  return words.slice(0, end);
}
