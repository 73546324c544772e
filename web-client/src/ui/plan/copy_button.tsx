// Copies words that stand above it. Where the browser does not let it, they are selected, so that the keyboard can.
import { t } from '../../i18n';
import { showToast } from '../kit/toast';
import { copyText } from '../state/copy_text';

export function CopyButton(props: { words: () => string }) {
  const copy = async (button: HTMLElement): Promise<void> => {
    if (await copyText(props.words())) return void showToast({ text: t().copied, seconds: 2 });
    const card = button.closest('li');
    const [first, last] = [card?.querySelector('strong'), card?.querySelector('.draft-words, strong:last-of-type')];
    if (first && last) getSelection()?.setBaseAndExtent(first, 0, last, last.childNodes.length);
    showToast({ text: t().copyFailed, tone: 'warn' });
  };
  return (
    <button class="text-button" onClick={(event) => void copy(event.currentTarget)}>
      {t().copy}
    </button>
  );
}
