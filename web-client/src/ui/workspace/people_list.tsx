// The people of the workspace: who can own things.
import { For, Show } from 'solid-js';
import { t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { Icon } from '../kit/icons';
import { Menu } from '../kit/menu';
import { describe, moveBy, remove } from '../plan/actions';
import { personColour, personName } from '../state/people';
import { useSession } from '../state/session';
import { TextField } from '../text/text_field';
import { addToTree } from './tree_actions';

export function PeopleList() {
  const { workspace } = useSession();
  const root = workspace.rootId();
  const people = () => workspace.children(root, 'person');
  return (
    <section class="tree" aria-labelledby="people-title">
      <h2 id="people-title" class="section-title">
        {t().nav.people}
      </h2>
      <Show when={people().length === 0}>
        <p class="quiet">{t().workspace.noPeople}</p>
      </Show>
      <ul class="people-grid">
        <For each={people()}>
          {(id) => (
            <li class="person-row" data-entity={id}>
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
              <Menu
                label={t().workspace.actionsFor(describe(workspace, id))}
                items={[
                  { label: t().workspace.moveUp, run: () => moveBy(workspace, id, -1) },
                  { label: t().workspace.moveDown, run: () => moveBy(workspace, id, 1) },
                  { label: t().remove, icon: 'bin', danger: true, run: () => remove(workspace, id) },
                ]}
              />
            </li>
          )}
        </For>
      </ul>
      <button class="add-row" onClick={() => addToTree(workspace, 'person', root)}>
        <Icon name="add" size={14} />
        {t().workspace.addPerson}
      </button>
    </section>
  );
}
