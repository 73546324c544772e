// The people of the workspace: who can own things.
import { Show, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { rowKeys } from '../rows/row_keys';
import { RowMenu } from '../rows/row_menu';
import { createRows, placeRows } from '../rows/rows';
import { personColour, personName } from '../state/people';
import { useSession } from '../state/session';
import { TextField } from '../text/text_field';
import { NewPerson } from './new_person';
import { Section } from './section';

export function PeopleList() {
  const { workspace } = useSession();
  const root = workspace.rootId();
  const people = () => workspace.children(root, 'person');
  const [adding, setAdding] = createSignal(false);
  let section!: HTMLElement;
  const rows = createRows(people, (id) => <PersonRow id={id} onEnter={() => setAdding(true)} />);
  const done = (left: boolean): void => {
    setAdding(false);
    if (!left) section.querySelector<HTMLElement>('.add-row')?.focus();
  };
  return (
    <Section name="people" title={t().nav.people} empty={people().length === 0 ? t().workspace.noPeople : null} adds="person" addWords={t().workspace.addPerson} onAdd={() => setAdding(true)} place={(it) => (section = it)}>
      <ul ref={(list) => placeRows(list, () => people().map(rows))} class="people-grid" />
      <Show when={adding()}>
        <NewPerson onDone={done} />
      </Show>
    </Section>
  );
}

function PersonRow(props: { id: EntityId; onEnter: () => void }) {
  const { workspace } = useSession();
  return (
    <li class="person-row" data-entity={props.id} on:keydown={rowKeys(workspace, props.id)}>
      <Avatar name={personName(workspace, props.id)} colour={personColour(workspace, props.id)} />
      <div class="person-words">
        <TextField
          class="person-name"
          store={workspace}
          id={props.id}
          field="name"
          label={t().workspace.personName}
          placeholder={t().workspace.personName}
          onEnter={() => props.onEnter()}
        />
        <TextField class="person-title" store={workspace} id={props.id} field="title" label={t().workspace.personTitle} placeholder={t().workspace.personTitle} />
      </div>
      <RowMenu store={workspace} id={props.id} />
    </li>
  );
}
