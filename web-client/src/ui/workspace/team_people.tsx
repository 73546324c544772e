// Who is in a team, and what it is for: faces in its row, the rest beneath it when asked.
import { For, Show } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { ChoiceField } from '../fields/choice_field';
import { PersonPicker } from '../fields/person_picker';
import { Avatar } from '../kit/avatar';
import { Icon } from '../kit/icons';
import { Popover } from '../kit/popover';
import { describe, remove } from '../plan/actions';
import { LossNotes } from '../plan/loss_notes';
import { personColour, personName } from '../state/people';
import { ensure, idOf } from '../state/same_id';
import { useSession } from '../state/session';
import { submit } from '../state/submit';
import { TextField } from '../text/text_field';

const facesMax = 3;

export function TeamFaces(props: { id: EntityId; open: boolean; onToggle: () => void }) {
  const { workspace } = useSession();
  const people = () => workspace.children(props.id, 'member').map((it) => workspace.text(it, 'person'));
  const label = () => t().member.about(describe(workspace, props.id));
  return (
    <button class="team-faces" aria-expanded={props.open} aria-label={label()} title={label()} onClick={() => props.onToggle()}>
      <For each={people().slice(0, facesMax)}>{(it) => <Avatar small name={personName(workspace, it)} colour={personColour(workspace, it)} />}</For>
      <Show when={people().length > facesMax}>
        <span class="number">{t().people.more(people().length - facesMax)}</span>
      </Show>
      <Show when={people().length === 0}>
        <span class="avatar avatar-open avatar-small">
          <Icon name="person" size={12} />
        </span>
      </Show>
      <Icon name="down" size={14} />
    </button>
  );
}

export function TeamAbout(props: { id: EntityId }) {
  const { workspace } = useSession();
  const members = () => workspace.children(props.id, 'member');
  const memberOf = (person: EntityId) => members().find((it) => workspace.text(it, 'person') === person);
  const toggle = (person: EntityId | null): void => {
    if (person === null) return;
    const present = memberOf(person);
    if (present !== undefined) submit(workspace, { op: 'remove', id: present });
    else submit(workspace, ...ensure(workspace, { op: 'create', id: idOf('member', props.id, person), kind: 'member', parent: props.id, fields: { person, role: 'member' } }));
  };
  return (
    <div class="team-about">
      <TextField class="team-description" store={workspace} id={props.id} field="description" label={t().member.description} placeholder={t().member.description} multiline />
      <ul class="members" aria-label={t().member.title}>
        <For each={members()} fallback={<li class="quiet">{t().member.empty}</li>}>
          {(it) => <Member id={it} />}
        </For>
      </ul>
      <Popover
        label={t().member.addLabel}
        triggerClass="add-row"
        trigger={
          <>
            <Icon name="add" size={14} />
            {t().member.add}
          </>
        }
      >
        <PersonPicker workspace={workspace} chosen={members().map((it) => workspace.text(it, 'person'))} onPick={toggle} />
      </Popover>
    </div>
  );
}

function Member(props: { id: EntityId }) {
  const { workspace } = useSession();
  const person = () => workspace.text(props.id, 'person');
  const name = () => personName(workspace, person());
  return (
    <li class="member" data-entity={props.id}>
      <Avatar small name={name()} colour={personColour(workspace, person())} />
      <span class="member-words">
        <span>{name()}</span>
        <span class="quiet">{workspace.text(person(), 'title')}</span>
      </span>
      <ChoiceField store={workspace} id={props.id} field="role" label={`${t().member.role}: ${name()}`} words={t().member.roles} fallback="member" />
      <button class="icon-button" aria-label={t().member.remove(name())} title={t().member.remove(name())} onClick={() => remove(workspace, props.id)}>
        <Icon name="close" size={14} />
      </button>
      <LossNotes store={workspace} workspace={workspace} id={props.id} />
    </li>
  );
}
