// Keys of a field whose text is as the document holds it: Escape leaves it, undo and redo are the document's. Where something is typed, they
// are the text's own.
import { leaveField } from '../state/focus_place';
import { historyStep } from '../state/history_keys';
import type { ValueEdit } from './value_edit';

export function fieldKeys<V>(event: KeyboardEvent, input: HTMLElement, edit: ValueEdit<V>, shown: () => void): void {
  if (edit.touched()) return;
  const step = historyStep(event);
  if (event.key === 'Escape') leaveField(input);
  else if (step !== null && edit.step(step)) shown();
  else return;
  event.preventDefault();
}
