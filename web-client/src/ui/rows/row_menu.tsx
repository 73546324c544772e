// What can be done with a row: its own things first, then up, down, and away.
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { Menu, type MenuItem } from '../kit/menu';
import { describe, moveBy, remove } from '../plan/actions';

interface RowMenuProps {
  readonly store: LiveStore;
  readonly id: EntityId;
  readonly label?: string; // whose menu it is; absent: the row's own words
  readonly before?: readonly MenuItem[];
  readonly moves?: readonly MenuItem[]; // further places than up and down
}

export function RowMenu(props: RowMenuProps) {
  return (
    <Menu
      label={t().row.actionsFor(props.label ?? describe(props.store, props.id))}
      items={[
        ...(props.before ?? []),
        { label: t().row.moveUp, hint: 'Alt ↑', run: () => moveBy(props.store, props.id, -1) },
        { label: t().row.moveDown, hint: 'Alt ↓', run: () => moveBy(props.store, props.id, 1) },
        ...(props.moves ?? []),
        { label: t().remove, icon: 'bin', danger: true, run: () => remove(props.store, props.id) },
      ]}
    />
  );
}
