// Which step through one's own edits a key means. Caps Lock turns the letters' case around, and Shift turns it back: the letter alone counts.
import { isInputMethodKey } from './input_method_key';

export function historyStep(event: KeyboardEvent): 'undo' | 'redo' | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isInputMethodKey(event)) return null;
  const key = event.key.toLowerCase();
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
  return key === 'y' && !event.shiftKey ? 'redo' : null;
}
