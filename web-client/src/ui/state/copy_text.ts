// Words into the clipboard. Its API is there on https and on this computer only; over plain http a selection is copied instead.
export async function copyText(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copySelected(words);
  }
}

function copySelected(words: string): boolean {
  const focused = document.activeElement;
  const place = document.createElement('textarea');
  place.value = words;
  place.readOnly = true;
  place.className = 'sr-only';
  (focused?.closest('[role="dialog"]') ?? document.body).append(place); // a dialog lets the focus go nowhere else
  place.select();
  const copied = document.execCommand('copy');
  place.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}
