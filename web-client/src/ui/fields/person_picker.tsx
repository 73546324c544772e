// Chooses people of the workspace, and adds the one who is missing on the way.
import { For, Show, createMemo, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { Icon } from '../kit/icons';
import { personColour } from '../state/people';
import { submit } from '../state/submit';

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
    const id = props.workspace.document.newId();
    if (submit(props.workspace, { op: 'create', id, kind: 'person', parent: props.workspace.rootId(), fields: { name: typed().trim() } })) props.onPick(id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const last = options().length - 1;
    if (event.key === 'ArrowDown') setActive((it) => Math.min(last, it + 1));
    else if (event.key === 'ArrowUp') setActive((it) => Math.max(0, it - 1));
    else if (event.key === 'Enter') choose(options()[active()]);
    else return;
    event.preventDefault();
  };

  return (
    <div class="picker">
      <div class="picker-find">
        <Icon name="find" size={14} />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="person-options"
          aria-activedescendant={options()[active()] ? `person-option-${active()}` : ''}
          aria-label={t().person.find}
          placeholder={t().person.find}
          autocomplete="off"
          value={typed()}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id="person-options" role="listbox" aria-label={t().nav.people} class="picker-list">
        <For each={options()} fallback={<li class="picker-none">{t().person.none}</li>}>
          {(option, index) => (
            <li
              id={`person-option-${index()}`}
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
