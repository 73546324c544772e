// Several lines pasted into a title become one; whoever pasted them hears of it.
import { t } from '../../i18n';
import { showToast } from '../kit/toast';

// False: they are pasted.
export function tellJoined(text: string, inRow = false): false {
  const lines = text.split(/[\r\n\u2028\u2029]+/).filter((it) => it.trim() !== '').length;
  if (lines > 1) showToast({ text: inRow ? `${t().paste.joined(lines)} ${t().paste.inEmptyRow}` : t().paste.joined(lines) });
  return false;
}
