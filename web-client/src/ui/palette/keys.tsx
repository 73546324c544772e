// The keys, on one sheet.
import { For } from 'solid-js';
import { t } from '../../i18n';
import { Sheet } from '../kit/sheet';

export function Keys(props: { onClose: () => void }) {
  const mod = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
  const rows = () => [
    { keys: ['↵'], words: t().keys.next },
    { keys: ['Alt', '↑ ↓'], words: t().keys.move },
    { keys: ['Alt', '← →'], words: t().keys.moveAcross },
    { keys: ['Alt', '↵'], words: t().keys.details },
    { keys: ['Alt', 'C'], words: t().keys.checkIn },
    { keys: ['⌫'], words: t().keys.remove },
    { keys: [mod, 'Z'], words: t().keys.undo },
    { keys: [mod, '⇧', 'Z'], words: t().keys.redo },
    { keys: [mod, 'K'], words: t().keys.find },
    { keys: ['Esc'], words: t().keys.leave },
    { keys: ['?'], words: t().keys.help },
  ];
  return (
    <Sheet open onClose={props.onClose} title={t().keys.title}>
      <dl class="keys">
        <For each={rows()}>
          {(row) => (
            <div>
              <dt>
                <For each={row.keys}>{(key) => <kbd>{key}</kbd>}</For>
              </dt>
              <dd>{row.words}</dd>
            </div>
          )}
        </For>
      </dl>
    </Sheet>
  );
}
