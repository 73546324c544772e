// What the palette can find or do.
export type PaletteGroup = 'actions' | 'objectives' | 'teams' | 'cycles' | 'checkIns';

export interface PaletteItem {
  readonly group: PaletteGroup;
  readonly words: string;
  readonly hint?: string;
  readonly run: () => void;
}

// Every typed word must occur; a beginning counts more than a middle. Works for Chinese, where words are not spaced.
export function search(items: readonly PaletteItem[], typed: string): readonly PaletteItem[] {
  const wanted = typed.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return items;
  const score = (item: PaletteItem): number => {
    const text = `${item.words} ${item.hint ?? ''}`.toLocaleLowerCase();
    let sum = 0;
    for (const word of wanted) {
      const at = text.indexOf(word);
      if (at < 0) return -1;
      sum += at === 0 ? 3 : /[\s“「(/]/.test(text[at - 1] ?? '') ? 2 : 1;
    }
    return sum;
  };
  return items
    .map((item) => ({ item, score: score(item) }))
    .filter((it) => it.score >= 0)
    .sort((a, b) => b.score - a.score)
    .map((it) => it.item);
}
