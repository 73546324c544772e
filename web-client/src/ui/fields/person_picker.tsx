// Chooses people of the workspace, and adds the one who is missing on the way.
import { For, Show, createMemo, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { FindBox } from '../kit/find_box';
import { Icon } from '../kit/icons';
import { addPerson } from '../state/me';
import { personColour } from '../state/people';

interface PersonPickerProps {
  readonly workspace: LiveStore;
  readonly chosen: readonly EntityId[];
  readonly clearable?: boolean;
  readonly onPick: (person: EntityId | null) => void;
}

interface Option {
  readonly key: string;
  readonly label: string;
  readonly person: EntityId | null;
  readonly kind: 'person' | 'clear' | 'add';
}

export function PersonPicker(props: PersonPickerProps) {
  const [typed, setTyped] = createSignal('');
  const [active, setActive] = createSignal(0);

  const options = createMemo((): readonly Option[] => {
    const wanted = typed().trim().toLocaleLowerCase();
    const people = props.workspace
      .children(props.workspace.rootId(), 'person')
      .map((id) => ({ key: id, label: props.workspace.text(id, 'name') || t().untitled, person: id, kind: 'person' as const }));
    const found = people.filter((it) => it.label.toLocaleLowerCase().includes(wanted));
    const exact = people.some((it) => it.label.toLocaleLowerCase() === wanted);
    return [
      ...(props.clearable && wanted === '' && props.chosen.length > 0 ? [{ key: '-', label: t().person.nobody, person: null, kind: 'clear' as const }] : []),
      ...found,
      ...(wanted === '' || exact ? [] : [{ key: '+', label: t().person.add(typed().trim()), person: null, kind: 'add' as const }]),
    ];
  });

  const choose = (option: Option | undefined): void => {
    if (option === undefined) return;
    if (option.kind !== 'add') return props.onPick(option.person);
    const id = addPerson(props.workspace, typed().trim());
    if (id !== null) props.onPick(id);
  };

  return (
    <div class="picker">
      <FindBox
        list="person-options"
        class="picker-find"
        label={t().person.find}
        typed={typed()}
        onType={setTyped}
        count={options().length}
        active={active()}
        onActive={setActive}
        onPick={(index) => choose(options()[index])}
      />
      <ul id="person-options" role="listbox" aria-label={t().nav.people} class="picker-list">
        <For each={options()} fallback={<li class="picker-none">{t().person.none}</li>}>
          {(option, index) => (
            <li
              id={`person-options-${index()}`}
              role="option"
              class="picker-option"
              aria-selected={option.person !== null && props.chosen.includes(option.person)}
              data-active={index() === active()}
              onPointerMove={() => setActive(index())}
              onClick={() => choose(option)}
            >
              <Show when={option.person} fallback={<span class="avatar avatar-open avatar-small">{option.kind === 'add' ? <Icon name="add" size={12} /> : null}</span>}>
                {(person) => <Avatar small name={option.label} colour={personColour(props.workspace, person())} />}
              </Show>
              <span class="picker-words">{option.label}</span>
              <Show when={option.person !== null && props.chosen.includes(option.person)}>
                <Icon name="check" size={14} />
              </Show>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}
