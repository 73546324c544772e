// What a field needs of whatever its text is written in: the editor, or the plain input that takes its place until the editor is here.
import type { TieOptions } from './text_tie';

export interface SurfaceOptions extends TieOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly multiline: boolean;
  readonly onEnter: () => void; // single lines: add the next
  readonly onEmptyBackspace: () => boolean;
  readonly onPaste: (text: string) => boolean; // true: taken, and not to be pasted
  readonly onSelection: (anchor: number, head: number) => void; // code points
  readonly onFocus: (focused: boolean) => void;
  readonly onChange: () => void; // after each redraw of the text: carets measure again
}

export interface Selection {
  readonly anchor: number; // UTF-16 units
  readonly head: number;
}

export interface TextSurface {
  readonly hasFocus: boolean;
  readonly holding: boolean; // an input method composes
  readonly selection: Selection;
  focusEnd(): void;
  focusAt(x: number, y: number): void;
  focusOn(selection: Selection): void;
  relabel(label: string): void; // a row's name is its number, and rows move
  destroy(): void;
}
