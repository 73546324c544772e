// The web client's entry.
import './styles/layers.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/fonts.css';
import './styles/kit.css';
import './styles/fields.css';
import './styles/rows.css';
import './styles/text.css';
import './styles/shell.css';
import { render } from 'solid-js/web';
import { loadOtherWords, loadWords } from '../i18n';
import { keepPage } from '../store/page_keeper';
import { App } from './app';
import { guardInputMethodKeys } from './state/composition';

const otherWordsAfterMs = 3000; // the page is there by then

guardInputMethodKeys();
const place = document.getElementById('app');
if (place === null) throw new Error('index.html has no #app.');
try {
  await loadWords();
  render(() => <App />, place);
  keepPage();
  setTimeout(() => void loadOtherWords(), otherWordsAfterMs);
} catch (error) {
  // The line broke between this script and its words.
  place.textContent = 'Okra could not be loaded whole. Please reload. · 页面没有加载完整，请刷新。';
  throw error;
}
