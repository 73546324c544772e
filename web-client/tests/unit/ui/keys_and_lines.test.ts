import { describe, expect, it } from 'vitest';
import { apply } from '../../../src/document/text';
import { historyStep } from '../../../src/ui/state/history_keys';
import { oneLine, tidyEdit } from '../../../src/ui/text/one_line';

const key = (of: Partial<KeyboardEvent>): KeyboardEvent => ({ ctrlKey: true, metaKey: false, altKey: false, shiftKey: false, isComposing: false, ...of }) as KeyboardEvent;

describe('undo and redo', () => {
  it.each([
    [{ key: 'z' }, 'undo'],
    [{ key: 'Z' }, 'undo'], // Caps Lock
    [{ key: 'Z', shiftKey: true }, 'redo'],
    [{ key: 'z', shiftKey: true }, 'redo'], // Caps Lock
    [{ key: 'y' }, 'redo'],
    [{ key: 'Y' }, 'redo'],
    [{ key: 'z', ctrlKey: false, metaKey: true }, 'undo'],
    [{ key: 'z', altKey: true }, null],
    [{ key: 'z', ctrlKey: false }, null],
    [{ key: 'z', isComposing: true }, null],
  ] as const)('%j is %s', (event, step) => {
    expect(historyStep(key(event))).toBe(step);
  });
});

describe('a text of one line', () => {
  it('has no line ends and no tabs inside', () => {
    expect(oneLine('Riders\tcome\r\n  back\u2028again')).toBe('Riders come back again');
    expect(oneLine('two  blanks stay')).toBe('two  blanks stay');
  });
  it.each(['plain', '', '  before', 'behind  ', '　 both 🚲　', '   '])('%j loses the blanks around it', (text) => {
    expect(apply(text, tidyEdit(text))).toBe(text.trim());
    if (text === text.trim()) expect(tidyEdit(text)).toEqual([]);
  });
});
