// Several people in a set: contributors. Including and excluding commute, so nobody overwrites anybody.
import { For } from 'solid-js';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { Icon } from '../kit/icons';
import { Popover } from '../kit/popover';
import { personColour, personName } from '../state/people';
import { submit } from '../state/submit';
import { PersonPicker } from './person_picker';

export function PeopleField(props: { store: LiveStore; workspace: LiveStore; id: EntityId; field: FieldName; label: string }) {
  const members = () => props.store.members(props.id, props.field);
  const toggle = (person: EntityId | null): void => {
    if (person === null) return;
    submit(props.store, { op: members().includes(person) ? 'exclude' : 'include', id: props.id, field: props.field, value: person });
  };
  return (
    <Popover
      label={`${props.label}: ${members().map((id) => personName(props.workspace, id)).join(', ') || t().none}`}
      triggerClass="people-field"
      trigger={
        <>
          <For each={members()}>{(id) => <Avatar small name={personName(props.workspace, id)} colour={personColour(props.workspace, id)} />}</For>
          <span class="avatar avatar-open avatar-small">
            <Icon name="add" size={12} />
          </span>
        </>
      }
    >
      <PersonPicker workspace={props.workspace} chosen={members()} onPick={toggle} />
    </Popover>
  );
}
