// The people of a workspace to choose oneself from: as many as can be seen at a glance, the others by what is typed.
import { For, Show, createMemo } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { Icon } from '../kit/icons';
import { nameKey } from '../state/names';
import { othersHere, personColour, personName } from '../state/people';

const shownMax = 8;

interface PeopleChoiceProps {
  readonly ref: ((list: HTMLDivElement) => void) | HTMLDivElement | undefined;
  readonly workspace: LiveStore;
  readonly people: readonly EntityId[];
  readonly own: EntityId | null;
  readonly wanted: string; // typed
  readonly meant: readonly EntityId[]; // whom that names
  readonly onChoose: (person: EntityId) => void;
}

export function PeopleChoice(props: PeopleChoiceProps) {
  const many = () => props.people.length > shownMax;
  // A list that is seen whole stands still while its reader types.
  const found = createMemo(() => {
    const key = nameKey(props.wanted);
    if (many() && key !== '') return props.people.filter((id) => nameKey(personName(props.workspace, id)).includes(key));
    return [...props.people].sort((a, b) => Number(b === props.own) - Number(a === props.own));
  });
  const shown = createMemo(() => found().slice(0, shownMax));
  const here = createMemo(() => othersHere(props.workspace));
  return (
    <div ref={props.ref} class="name-people" classList={{ 'name-people-many': many() }}>
      <ul>
        <For each={shown()} fallback={<li class="name-none quiet">{t().name.unknown}</li>}>
          {(id) => (
            <li>
              <button type="button" class="name-person" data-entity={id} data-meant={props.meant.includes(id)} aria-current={id === props.own ? 'true' : undefined} onClick={() => props.onChoose(id)}>
                <span aria-hidden="true">
                  <Avatar name={personName(props.workspace, id)} colour={personColour(props.workspace, id)} />
                </span>
                <span class="name-words">
                  <span class="name-itself">{personName(props.workspace, id)}</span>
                  <span class="quiet">{props.workspace.text(id, 'title')}</span>
                </span>
                <Show when={id === props.own}>
                  <span class="name-mark">{t().person.me}</span>
                </Show>
                <Show when={id !== props.own && here().has(id)}>
                  <span class="name-mark name-here">{t().name.here}</span>
                </Show>
                <span class="name-go">
                  <Icon name="chevron" size={14} />
                </span>
              </button>
            </li>
          )}
        </For>
      </ul>
      <Show when={many()}>
        <p class="name-rest quiet">{found().length > shownMax ? t().name.rest(found().length - shownMax) : ''}</p>
      </Show>
    </div>
  );
}

// While the people are on their way, in their size: the field stays where it is when they come.
export function BonesOfPeople() {
  return (
    <div class="name-people" aria-hidden="true">
      <ul>
        <For each={Array.from({ length: shownMax })}>
          {() => (
            <li class="name-person">
              <span class="bone name-bone" />
              <span class="bone" />
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}
