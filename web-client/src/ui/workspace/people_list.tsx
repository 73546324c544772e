// The people of the workspace: who can own things.
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { rowKeys } from '../rows/row_keys';
import { RowMenu } from '../rows/row_menu';
import { createRows, placeRows } from '../rows/rows';
import { personColour, personName } from '../state/people';
import { useSession } from '../state/session';
import { TextField } from '../text/text_field';
import { Section } from './section';
import { addToTree } from './tree_actions';

export function PeopleList() {
  const { workspace } = useSession();
  const root = workspace.rootId();
  const people = () => workspace.children(root, 'person');
  const rows = createRows(people, (id) => <PersonRow id={id} />);
  return (
    <Section name="people" title={t().nav.people} empty={people().length === 0 ? t().workspace.noPeople : null} addWords={t().workspace.addPerson} onAdd={() => addToTree(workspace, 'person', root)}>
      <ul ref={(list) => placeRows(list, () => people().map(rows))} class="people-grid" />
    </Section>
  );
}

function PersonRow(props: { id: EntityId }) {
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
          onEnter={() => addToTree(workspace, 'person', workspace.rootId(), props.id)}
        />
        <TextField class="person-title" store={workspace} id={props.id} field="title" label={t().workspace.personTitle} placeholder={t().workspace.personTitle} />
      </div>
      <RowMenu store={workspace} id={props.id} />
    </li>
  );
}
