// The quiet line under a list that adds the next one.
import type { KindName } from '../../protocol/schema';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';

export function AddRow(props: { words: string; adds: KindName; class?: string; onAdd: () => void }) {
  return (
    <button class={`add-row ${props.class ?? ''}`} data-adds={props.adds} aria-label={`${t().add} ${props.words}`} onClick={() => props.onAdd()}>
      <Icon name="add" size={14} />
      {props.words}
    </button>
  );
}
