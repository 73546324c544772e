// What texts are written with: fetched apart from the page.
export { TextEditor } from './editor';
