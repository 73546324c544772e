// Own edits go to the document through here: an edit that breaks the schema changes nothing, and its author hears why.
import type { Operation } from '../../document/operation';
import type { LiveStore } from '../../store/live_store';
import { refusalWords } from '../../i18n';
import { showToast } from '../kit/toast';

export function submit(store: LiveStore, ...ops: Operation[]): boolean {
  const refusal = store.document.submit(ops);
  if (refusal === null) return true;
  showToast({ text: refusalWords(refusal.code), tone: 'warn' });
  return false;
}
