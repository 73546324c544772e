// Whether a key belongs to an input method (拼音, かな): its Enter chooses words, its Escape drops them, and neither is meant for the page.
// Safari ends the composition before it tells the key, and marks it by its code alone.
const inputMethodKeyCode = 229;

export function isInputMethodKey(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === inputMethodKeyCode;
}
