// Chooses one team or one cycle, each under its parent.
import { For } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { flatten } from '../state/cycles';

interface TreeSelectProps {
  readonly workspace: LiveStore;
  readonly kind: 'team' | 'cycle';
  readonly label: string;
  readonly chosen: EntityId | undefined;
  readonly onChoose: (id: EntityId) => void;
}

export function TreeSelect(props: TreeSelectProps) {
  return (
    <span class="choice">
      <select aria-label={props.label} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        <For each={flatten(props.workspace, props.kind)}>
          {(it) => (
            <option value={it.id} selected={it.id === props.chosen}>
              {'\u2003'.repeat(it.depth)}
              {props.workspace.text(it.id, 'name') || t().untitled}
            </option>
          )}
        </For>
      </select>
    </span>
  );
}
