// What an objective or key result contributes to, in any plan: shown under its title, chosen in its details. A reference is
// `<team>/<cycle>/<id>`.
import { A } from '@solidjs/router';
import { For, Show, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { TreeSelect } from '../fields/tree_select';
import { Icon } from '../kit/icons';
import { Popover } from '../kit/popover';
import { submit } from '../state/submit';
import { usePlan, type PlanView } from './context';
import { linkTo } from './selection';

interface Aligned {
  readonly reference: string;
  readonly words: string;
  readonly href: string;
  readonly gone: 'removed' | 'abandoned' | null;
}

// Whether it, or what it stands under, is there no more or given up: then whoever is aligned to it has to know.
function goneFrom(store: LiveStore, id: EntityId): Aligned['gone'] {
  if (!store.status().loaded) return null;
  let abandoned = false;
  for (let at: EntityId | null = id; at !== null; ) {
    const entity = store.entity(at);
    if (entity === undefined || entity.removed) return 'removed';
    abandoned ||= store.text(at, 'state') === 'abandoned';
    at = entity.parent;
  }
  return abandoned ? 'abandoned' : null;
}

const shownMax = 2; // in the card; the details have them all

function readReference(view: PlanView, reference: string): Aligned {
  const [team = '', cycle = '', id = ''] = reference.split('/');
  const store = view.neighbour(team, cycle);
  const title = store.text(id, 'title');
  const words = title === '' ? t().align.away : t().align.of(view.workspace.text(team, 'name'), t().quote(title));
  return { reference, words, href: linkTo(`/w/${view.workspaceId}/${team}/${cycle}`, id), gone: goneFrom(store, id) };
}

const goneWords = (what: Aligned['gone']): readonly string[] => (what === null ? [] : [t().align.gone[what]]);

function Gone(props: { what: Aligned['gone'] }) {
  return (
    <Show when={props.what}>
      {(what) => (
        <em class="aligned-gone">
          <Icon name="warn" size={12} />
          {t().align.gone[what()]}
        </em>
      )}
    </Show>
  );
}

export function AlignedFacts(props: { id: EntityId }) {
  const view = usePlan();
  return (
    <For each={view.plan.members(props.id, 'aligned_to').slice(0, shownMax)}>
      {(reference) => {
        const it = () => readReference(view, reference);
        return (
          <A class="fact-aligned" href={it().href} title={[`${t().align.label}: ${it().words}`, ...goneWords(it().gone)].join(' · ')}>
            <Icon name="link" size={12} />
            <span>{it().words}</span>
            <Gone what={it().gone} />
          </A>
        );
      }}
    </For>
  );
}

export function AlignField(props: { id: EntityId }) {
  const view = usePlan();
  const references = () => view.plan.members(props.id, 'aligned_to');
  const toggle = (reference: string): void => {
    submit(view.plan, { op: references().includes(reference) ? 'exclude' : 'include', id: props.id, field: 'aligned_to', value: reference });
  };
  return (
    <div class="aligned-list">
      <For each={references()}>
        {(reference) => (
          <div class="aligned-row">
            <span>{readReference(view, reference).words}</span>
            <Gone what={readReference(view, reference).gone} />
            <button class="icon-button" aria-label={`${t().remove}: ${readReference(view, reference).words}`} onClick={() => toggle(reference)}>
              <Icon name="close" size={12} />
            </button>
          </div>
        )}
      </For>
      <Popover label={t().align.add} triggerClass="people-field" trigger={<span class="avatar avatar-open avatar-small"><Icon name="add" size={12} /></span>}>
        <AlignPicker id={props.id} chosen={references()} onToggle={toggle} />
      </Popover>
    </div>
  );
}

function AlignPicker(props: { id: EntityId; chosen: readonly string[]; onToggle: (reference: string) => void }) {
  const view = usePlan();
  // Most alignment goes up: the picker begins with the team above.
  const above = view.workspace.entity(view.teamId)?.parent ?? '';
  const [team, setTeam] = createSignal(view.workspace.entity(above)?.kind === 'team' ? above : view.teamId);
  const store = () => view.neighbour(team(), view.cycleId);
  const rows = () =>
    store()
      .children(store().rootId(), 'objective')
      .flatMap((id) => [{ id, deep: false }, ...store().children(id, 'key_result').map((it) => ({ id: it, deep: true }))])
      .filter((it) => store() !== view.plan || (it.id !== props.id && store().entity(it.id)?.parent !== props.id));
  const reference = (id: EntityId) => `${team()}/${view.cycleId}/${id}`;
  return (
    <div class="align-picker">
      <TreeSelect workspace={view.workspace} kind="team" label={t().align.team} chosen={team()} onChoose={setTeam} />
      <Show when={rows().length > 0} fallback={<p class="picker-none">{t().align.nothing}</p>}>
        <ul class="picker-list">
          <For each={rows()}>
            {(row) => (
              <li>
                <button class="picker-option side-link" classList={{ 'align-key-result': row.deep }} aria-pressed={props.chosen.includes(reference(row.id))} onClick={() => props.onToggle(reference(row.id))}>
                  <span class="picker-words">{store().text(row.id, 'title') || t().untitled}</span>
                  <Show when={props.chosen.includes(reference(row.id))}>
                    <Icon name="check" size={14} />
                  </Show>
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
}
