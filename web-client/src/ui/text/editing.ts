// What texts are written with: fetched apart from the page.
export { pasteRows } from '../rows/paste_rows';
export { TextEditor } from './editor';
