// Text that a field could not take, kept on this device like what is begun in a form: at the next visit it stands in its field again, as not saved.
import type { FieldName } from '../../protocol/schema';
import type { EntityId, LiveDocument } from '../../sync/api';
import { useSession } from '../state/session';

export interface UnsavedText {
  text(): string | undefined;
  readonly taken: () => number; // grows when there may be text that was not typed here: another tab had it
  keep(text: string | null): void; // null: there is none
}

export function unsavedText(document: LiveDocument, entity: EntityId, field: FieldName): UnsavedText {
  const { kept } = useSession();
  const place = { document: document.name, entity, form: 'field' };
  return { text: () => kept.find(place)?.values[field], taken: kept.taken, keep: (text) => kept.keep(place, field, text) };
}
