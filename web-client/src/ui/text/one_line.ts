// Texts of one line, such as titles: neither line ends nor tabs inside, no blanks around them.
import { codePointCount } from '../../document/code_points';
import type { TextEdit } from '../../document/operation';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';

export function oneLine(words: string): string {
  return words.replace(/\s*[\r\n\t\v\f\u0085\u2028\u2029]+\s*/g, ' ');
}

// The edit that takes away the blanks around a text; nothing when there are none.
export function tidyEdit(text: string): TextEdit {
  const kept = text.trim();
  if (kept === text) return [];
  const before = codePointCount(text.slice(0, text.length - text.trimStart().length));
  const after = codePointCount(text) - before - codePointCount(kept);
  const head = before > 0 ? [{ d: before }] : [];
  return after > 0 && kept !== '' ? [...head, codePointCount(kept), { d: after }] : [{ d: before === 0 ? after : before }];
}

// When its writer leaves it. Somebody else who writes in it may be between two words.
export function tidy(store: LiveStore, id: EntityId, field: FieldName): void {
  const value = store.document.entity(id)?.fields[field];
  if (typeof value !== 'string' || store.peopleAt(id, field).length > 0) return;
  const edit = tidyEdit(value);
  if (edit.length > 0) store.document.submit([{ op: 'edit', id, field, edit }]);
}
