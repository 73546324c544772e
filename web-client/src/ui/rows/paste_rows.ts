// A paste of several lines, or of the cells of a spreadsheet, into the title of a row. In an empty row each line becomes a row of its own, all
// in one change and one step of undo; a title that has words takes them as one line, and says so.
import type { Operation } from '../../document/operation';
import { codePointCount } from '../../document/code_points';
import { limits, type FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { formats, t } from '../../i18n';
import { showToast } from '../kit/toast';
import { titleOf } from '../plan/actions';
import { fieldSchema } from '../fields/field_schema';
import { requestFocus } from '../state/focus';
import { submit } from '../state/submit';
import { beginningOf } from '../text/fit';
import { tellJoined } from '../text/joined_lines';
import type { LeftOver } from '../text/left_over';
import { fieldsOfNew } from './empty_rows';
import { measuredRows, tableOf, wordsOnly, type PastedRow, type Table } from './pasted_rows';

const ownOpsMax = 8; // of the row that is pasted into: its words, its numbers and what they count
const rowsMax = limits.ops_per_change - ownOpsMax;
const charactersMax = limits.message_bytes / 4; // of a change as JSON: at most three bytes each
const measured = ['metric', 'unit', 'start', 'target'] as const;

// True: it is done with, and not to be pasted any more. `leave` gets what the titles do not hold.
export function pasteRows(store: LiveStore, id: EntityId, text: string, leave: (it: LeftOver) => void): boolean {
  const table = tableOf(text);
  if (table.length < 2 && (table[0]?.length ?? 0) < 2) return false;
  if (store.text(id, titleOf(store, id)) !== '') return tellJoined(text, true);
  if (table.length > rowsMax) return refuse(t().paste.tooMany(table.length, rowsMax));
  const rows = rowsFor(store, id, table);
  const { ops, last, rests } = changeFor(store, id, rows);
  if (JSON.stringify(ops).length > charactersMax) return refuse(t().paste.tooLong);
  if (!submit(store, ...ops)) return true;
  for (const { id: entity, words } of rests) leave({ place: { document: store.document.name, entity, field: titleOf(store, entity) }, words, code: 'text_too_long' });
  requestFocus(last, titleOf(store, last));
  if (rows.length > 1) showToast({ text: t().paste.added(rows.length) });
  return true;
}

// Numbers that are there already are not written over.
function rowsFor(store: LiveStore, id: EntityId, table: Table): readonly PastedRow[] {
  if (store.entity(id)?.kind !== 'key_result') return wordsOnly(table);
  const rows = measuredRows(table, formats().decimal);
  const given = fieldsOfNew('key_result');
  const hasNumbers = measured.some((field) => store.field(id, field) !== undefined && store.field(id, field) !== given[field]);
  return hasNumbers ? [...wordsOnly(table.slice(0, 1)), ...rows.slice(1)] : rows;
}

function refuse(text: string): true {
  showToast({ text, tone: 'warn' });
  return true;
}

interface Pasted {
  readonly ops: readonly Operation[];
  readonly last: EntityId;
  readonly rests: readonly { readonly id: EntityId; readonly words: string }[]; // what the titles do not hold
}

function changeFor(store: LiveStore, id: EntityId, rows: readonly PastedRow[]): Pasted {
  const { kind, parent = null } = store.entity(id) ?? {};
  const title = titleOf(store, id);
  const lengthMax = fieldSchema(store, id, title)?.maxLength ?? Infinity;
  const rests: { id: EntityId; words: string }[] = [];
  const ops: Operation[] = [];
  let last = id;
  for (const [index, { title: words, fields }] of rows.entries()) {
    const own = index === 0;
    const fits = beginningOf(words, lengthMax);
    const at = own ? id : store.document.newId();
    if (codePointCount(fits) < codePointCount(words)) rests.push({ id: at, words: words.slice(fits.length) });
    if (own) ops.push(...fill(at, title, fits, fields));
    else if (kind !== undefined && parent !== null) ops.push({ op: 'create', id: at, kind, parent, after: last, fields: { ...fieldsOfNew(kind), ...fields, ...(fits === '' ? {} : { [title]: fits }) } });
    last = at;
  }
  return { ops, last, rests };
}

function fill(id: EntityId, title: FieldName, words: string, fields: PastedRow['fields']): readonly Operation[] {
  const edits: readonly Operation[] = words === '' ? [] : [{ op: 'edit', id, field: title, edit: [words] }];
  return [...edits, ...measured.flatMap((field): Operation[] => (fields[field] === undefined ? [] : [{ op: 'set', id, field, value: fields[field] }]))];
}
