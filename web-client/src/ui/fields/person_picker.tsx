// Chooses people of the workspace, and adds the one who is missing on the way.
import { For, Show, createMemo, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { FindBox } from '../kit/find_box';
import { Icon } from '../kit/icons';
import { useShell } from '../shell/use_shell';
import { addPerson, me, nameHere, signatory } from '../state/me';
import { nameKey } from '../state/names';
import { faceOf, namesakes, personColour } from '../state/people';

interface PersonPickerProps {
  readonly workspace: LiveStore;
  readonly chosen: readonly EntityId[];
  readonly clearable?: boolean;
  readonly onPick: (person: EntityId | null) => void;
}

interface Option {
  readonly key: string;
  readonly label: string;
  readonly person: EntityId | null; // null also for me, while I am not among the people
  readonly kind: 'me' | 'person' | 'clear' | 'add';
}

// Found in any language: who writes in one and reads in the other should not have to think.
const meWords = ['me', '我'];

export function PersonPicker(props: PersonPickerProps) {
  const shell = useShell();
  const [typed, setTyped] = createSignal('');
  const [active, setActive] = createSignal(0);

  const options = createMemo((): readonly Option[] => {
    const wanted = nameKey(typed());
    const own = me(props.workspace);
    const people = props.workspace
      .children(props.workspace.rootId(), 'person')
      .map((id) => ({ key: id, label: props.workspace.text(id, 'name') || t().untitled, person: id, kind: 'person' as const }));
    const found = people.filter((it) => it.person !== own && nameKey(it.label).includes(wanted));
    const mine = nameKey(nameHere(props.workspace)).includes(wanted) || [...meWords, nameKey(t().person.me)].some((it) => it.startsWith(wanted));
    const known = wanted === '' || [...meWords, nameKey(nameHere(props.workspace))].includes(wanted) || namesakes(props.workspace, typed()).length > 0;
    return [
      ...(mine ? [{ key: 'me', label: nameHere(props.workspace), person: own, kind: 'me' as const }] : []),
      ...(props.clearable && wanted === '' && props.chosen.length > 0 ? [{ key: '-', label: t().person.nobody, person: null, kind: 'clear' as const }] : []),
      ...found,
      ...(known ? [] : [{ key: '+', label: t().person.add(typed().trim()), person: null, kind: 'add' as const }]),
    ];
  });

  const colourOf = ({ person, label }: Option): number => (person === null ? faceOf(props.workspace, { name: label, client: '' }).colour : personColour(props.workspace, person));
  const choose = (option: Option | undefined): void => {
    if (option === undefined) return;
    const { kind, person } = option;
    if (kind === 'clear' || person !== null) return props.onPick(person);
    const id = kind === 'me' ? signatory(props.workspace) : addPerson(props.workspace, typed().trim());
    if (id !== null) props.onPick(id);
    else if (kind === 'me') shell.openName(); // several have my name
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
              <Show when={option.kind === 'person' || option.kind === 'me'} fallback={<span class="avatar avatar-open avatar-small">{option.kind === 'add' ? <Icon name="add" size={12} /> : null}</span>}>
                <Avatar small name={option.label} colour={colourOf(option)} />
              </Show>
              <Show when={option.kind === 'me'}>
                <span class="picker-me">{t().person.me}</span>
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
