// What others changed since this person came: newest first, a run of edits in one place told once.
import { For, Show, createSignal, onCleanup } from 'solid-js';
import type { ClientId, DocumentEvent, EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { formats, t } from '../../i18n';
import { isNews } from '../state/arrival';
import { describe, kindWord } from './actions';
import { unitOf } from './metric_cell';

type Verb = 'wrote' | 'added' | 'removed' | 'restored' | 'moved' | 'changed';

interface Happening {
  readonly key: number;
  readonly by: ClientId | null;
  readonly verb: Verb;
  readonly id: EntityId;
  readonly at: number;
  readonly from?: number;
  readonly to?: number;
}

const kept = 40;
const sameRunMs = 60_000;
const shownKinds = new Set(['objective', 'key_result', 'initiative', 'milestone', 'not_doing']);

export interface Activity {
  happenings(): readonly Happening[];
}

export function createActivity(store: LiveStore): Activity {
  const [happenings, setHappenings] = createSignal<readonly Happening[]>([]);
  const known = new Map<EntityId, { removed: boolean; parent: EntityId | null; current: unknown }>();
  let lastKey = 0;

  const learn = (id: EntityId): void => {
    const entity = store.document.entity(id);
    if (entity !== undefined) known.set(id, { removed: entity.removed, parent: entity.parent, current: entity.fields.current });
  };
  const learnAll = (parent: EntityId): void => {
    learn(parent);
    for (const child of store.document.children(parent)) learnAll(child.id);
  };
  const tell = (event: { id: EntityId; by: ClientId | null }, verb: Verb, values: { from?: number; to?: number } = {}): void => {
    const kind = store.document.entity(event.id)?.kind ?? '';
    if (!shownKinds.has(kind)) return;
    const { by } = event;
    const at = Date.now();
    setHappenings((old) => {
      const same = old.find((it) => it.id === event.id && it.by === by && it.verb === verb && at - it.at < sameRunMs);
      const told: Happening = { key: same?.key ?? ++lastKey, by, verb, id: event.id, at, ...values, ...(same?.from === undefined ? {} : { from: same.from }) };
      return [told, ...old.filter((it) => it !== same)].slice(0, kept);
    });
  };
  const onEvent = (event: DocumentEvent): void => {
    if (event.type === 'reset' || !isNews(store.document)) {
      learnAll(store.rootId());
    } else if (event.type === 'text' && event.origin === 'remote') {
      tell(event, 'wrote');
    } else if (event.type === 'entity') {
      const before = known.get(event.id);
      learn(event.id);
      const now = known.get(event.id);
      if (event.origin !== 'remote' || now === undefined) return;
      if (event.structure) tell(event, before === undefined ? 'added' : now.removed ? 'removed' : before.removed ? 'restored' : 'moved');
      else if (event.fields.includes('current') && typeof now.current === 'number') tell(event, 'changed', { to: now.current, ...(typeof before?.current === 'number' ? { from: before.current } : {}) });
      else tell(event, 'changed');
    }
  };
  learnAll(store.rootId());
  onCleanup(store.document.subscribe(onEvent));
  return { happenings };
}

export function ActivityList(props: { store: LiveStore; activity: Activity; onPick: (id: EntityId) => void }) {
  return (
    <section class="activity" aria-labelledby="activity-title">
      <h2 id="activity-title" class="section-title">
        {t().plan.since}
      </h2>
      <Show when={props.activity.happenings().length > 0} fallback={<p class="quiet">{t().plan.sinceNone}</p>}>
        <ol class="activity-list">
          <For each={props.activity.happenings()}>
            {(it) => (
              <li>
                <button class="activity-row" onClick={() => props.onPick(it.id)}>
                  <span>
                    <strong>{props.store.nameOf(it.by) ?? t().someone}</strong> {t().events[it.verb](describe(props.store, it.id))}
                  </span>
                  <Show when={it.to !== undefined}>
                    <span class="activity-values number">{values(props.store, it)}</span>
                  </Show>
                  <span class="quiet">
                    {kindWord(props.store.entity(it.id)?.kind)} · {formats().time(it.at)}
                  </span>
                </button>
              </li>
            )}
          </For>
        </ol>
      </Show>
    </section>
  );
}

function values(store: LiveStore, it: Happening): string {
  const unit = unitOf(store.text(it.id, 'metric'), store.text(it.id, 'unit'));
  const measure = (value: number): string => formats().measure(value, unit);
  return it.from === undefined ? measure(it.to ?? 0) : `${measure(it.from)} → ${measure(it.to ?? 0)}`;
}
