// The quiet line under a list that adds the next one.
import { Icon } from '../kit/icons';

export function AddRow(props: { words: string; class?: string; onAdd: () => void }) {
  return (
    <button class={`add-row ${props.class ?? ''}`} onClick={() => props.onAdd()}>
      <Icon name="add" size={14} />
      {props.words}
    </button>
  );
}
