// Ctrl/⌘+K: finds objectives, teams and cycles, and does what can be done here.
import { For, Show, createMemo, createSignal } from 'solid-js';
import { t } from '../../i18n';
import { FindBox } from '../kit/find_box';
import { Sheet } from '../kit/sheet';
import { search, type PaletteGroup, type PaletteItem } from './items';

const groups: readonly PaletteGroup[] = ['actions', 'objectives', 'teams', 'cycles', 'checkIns'];
const shownMax = 60;

export function Palette(props: { items: readonly PaletteItem[]; onClose: () => void }) {
  const [typed, setTyped] = createSignal('');
  const [active, setActive] = createSignal(0);

  const grouped = createMemo(() => {
    const found = search(props.items, typed()).slice(0, shownMax);
    return groups.map((group) => ({ group, items: found.filter((it) => it.group === group) })).filter((it) => it.items.length > 0);
  });
  const flat = createMemo(() => grouped().flatMap((it) => it.items));
  const run = (item: PaletteItem | undefined): void => {
    if (item === undefined) return;
    props.onClose();
    queueMicrotask(item.run); // the focus has gone back by then
  };
  return (
    <Sheet open kind="top" bare onClose={props.onClose} title={t().palette.title}>
      <div class="palette">
        <FindBox
          list="palette"
          class="palette-find"
          label={t().palette.placeholder}
          autofocus
          typed={typed()}
          onType={setTyped}
          count={flat().length}
          active={active()}
          onActive={setActive}
          onPick={(index) => run(flat()[index])}
        />
        <div id="palette" class="palette-list" role="listbox" aria-label={t().palette.title}>
          <Show when={flat().length > 0} fallback={<p class="quiet palette-none">{t().palette.nothing}</p>}>
            <For each={grouped()}>
              {(section) => (
                <div role="group" aria-label={t().palette[section.group]}>
                  <div class="side-title" aria-hidden="true">
                    {t().palette[section.group]}
                  </div>
                  <For each={section.items}>
                    {(item) => {
                      const index = () => flat().indexOf(item);
                      return (
                        <div
                          id={`palette-${index()}`}
                          role="option"
                          class="palette-item"
                          aria-selected={index() === active()}
                          data-active={index() === active()}
                          onPointerMove={() => setActive(index())}
                          onClick={() => run(item)}
                        >
                          <span class="palette-words">{item.words}</span>
                          <Show when={item.hint}>
                            <span class="quiet">{item.hint}</span>
                          </Show>
                        </div>
                      );
                    }}
                  </For>
                </div>
              )}
            </For>
          </Show>
        </div>
      </div>
    </Sheet>
  );
}
