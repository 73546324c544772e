// The people of the workspace: who can own things.
import { For } from 'solid-js';
import { t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { rowKeys } from '../rows/row_keys';
import { RowMenu } from '../rows/row_menu';
import { personColour, personName } from '../state/people';
import { useSession } from '../state/session';
import { TextField } from '../text/text_field';
import { Section } from './section';
import { addToTree } from './tree_actions';

export function PeopleList() {
  const { workspace } = useSession();
  const root = workspace.rootId();
  const people = () => workspace.children(root, 'person');
  return (
    <Section name="people" title={t().nav.people} empty={people().length === 0 ? t().workspace.noPeople : null} addWords={t().workspace.addPerson} onAdd={() => addToTree(workspace, 'person', root)}>
      <ul class="people-grid">
        <For each={people()}>
          {(id) => (
            <li class="person-row" data-entity={id} on:keydown={rowKeys(workspace, id)}>
              <Avatar name={personName(workspace, id)} colour={personColour(workspace, id)} />
              <div class="person-words">
                <TextField
                  class="person-name"
                  store={workspace}
                  id={id}
                  field="name"
                  label={t().workspace.personName}
                  placeholder={t().workspace.personName}
                  onEnter={() => addToTree(workspace, 'person', root, id)}
                />
                <TextField class="person-title" store={workspace} id={id} field="title" label={t().workspace.personTitle} placeholder={t().workspace.personTitle} />
              </div>
              <RowMenu store={workspace} id={id} />
            </li>
          )}
        </For>
      </ul>
    </Section>
  );
}
