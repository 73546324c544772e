// What a view inside of the frame may ask of it.
import { createContext, useContext, type Accessor } from 'solid-js';
import type { PaletteItem } from '../palette/items';

export interface Shell {
  openMenu(): void;
  openPalette(): void;
  openKeys(): void;
  openName(): void;
  // The question for a name is open: what a page opens by itself waits for the answer.
  asks: Accessor<boolean>;
  // What the page of the moment offers in the palette.
  offer(items: Accessor<readonly PaletteItem[]>): void;
  // What Ctrl/⌘+Z does when the caret is in no text.
  history(undo: () => void, redo: () => void): void;
}

export const ShellContext = createContext<Shell>();

export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (shell === undefined) throw new Error('This view belongs inside the shell.');
  return shell;
}
