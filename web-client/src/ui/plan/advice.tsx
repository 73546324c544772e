// What the server finds doubtful (CM7), in words, where it stands. It stands all the same: nobody drafts in the right order.
import { For, Show, createMemo } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';
import { figureErrorWords } from './metric_cell';

interface AdviceProps {
  readonly store: LiveStore;
  readonly id: EntityId;
  readonly only?: string; // this word alone
  readonly but?: readonly string[]; // these words stand in a place of their own
  readonly withError?: boolean; // why there is no progress, too
}

// A word of a newer server is left out: there are no words for it here.
function words({ store, id, only, but = [], withError = false }: AdviceProps): readonly string[] {
  const known: Readonly<Record<string, string>> = t().figureAdvice;
  const figures = store.figures(id);
  const told = (figures?.advice ?? []).filter((it) => (only === undefined ? !but.includes(it) : it === only)).flatMap((it) => known[it] ?? []);
  return withError && figures?.error !== undefined ? [figureErrorWords(figures.error), ...told] : told;
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((it, index) => it === b[index]);

export function Advice(props: AdviceProps) {
  const lines = createMemo(() => words(props), [], { equals: same });
  return (
    <Show when={lines().length > 0}>
      <ul class="advice" role="status">
        <For each={lines()}>
          {(it) => (
            <li>
              <Icon name="warn" size={13} />
              <span>{it}</span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
