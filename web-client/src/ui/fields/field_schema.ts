// What the schema allows in a field.
import { schemas, type FieldName, type FieldSchema } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';

export function fieldSchema(store: LiveStore, id: EntityId, field: FieldName): FieldSchema | undefined {
  return schemas[store.document.kind].kinds.get(store.entity(id)?.kind ?? '')?.fields.get(field);
}
