// A row's number, which is also where the row is taken hold of.
import type { EntityId } from '../../sync/api';
import type { KindName } from '../../protocol/schema';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';
import { moveTo } from './actions';
import { beginDrag } from './drag';

export function DragHandle(props: { id: EntityId; kind: KindName; store: LiveStore; words: string; label: string }) {
  return (
    <span
      class="handle"
      title={`${props.label}. ${t().dragHint}`}
      onPointerDown={(event) => beginDrag(event, { kind: props.kind, drop: (parent, after) => moveTo(props.store, props.id, parent, after) })}
    >
      <span class="handle-words number">{props.words}</span>
      <span class="handle-grip">
        <Icon name="grip" />
      </span>
    </span>
  );
}
