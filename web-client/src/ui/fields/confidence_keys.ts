// Digits typed on a confidence: each counts at once, and a 0 right after a 1 makes it 10.
type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'preventDefault'>;

export function confidenceKeys(set: (value: number | null) => void): (event: Key) => void {
  let before = '';
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typed = before === '1' && event.key === '0' ? '10' : event.key;
    before = event.key;
    if (/^\d+$/.test(typed)) set(Number(typed));
    else if (event.key === 'Backspace' || event.key === 'Delete') set(null);
    else return;
    event.preventDefault();
  };
}
