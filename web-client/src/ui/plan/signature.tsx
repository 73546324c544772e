// Who reports: chosen once on this device.
import { Show, createSignal } from 'solid-js';
import { t } from '../../i18n';
import { PersonPicker } from '../fields/person_picker';
import { Avatar } from '../kit/avatar';
import { Icon } from '../kit/icons';
import { Popover } from '../kit/popover';
import { ownName } from '../state/identity';
import { become, me, willBeAdded } from '../state/me';
import { personColour, personName } from '../state/people';
import { usePlan } from './context';

export function Signature() {
  const { workspace } = usePlan();
  const [choosing, setChoosing] = createSignal(false);
  const name = () => {
    const person = me(workspace);
    if (person !== null) return personName(workspace, person);
    return willBeAdded(workspace) ? ownName() : t().checkIn.nobody;
  };
  const faceless = (
    <span class="avatar avatar-open avatar-small">
      <Icon name="person" size={12} />
    </span>
  );
  return (
    <Popover
      label={t().checkIn.signedBy(name())}
      triggerClass="owner-named check-in-signature"
      open={choosing()}
      onOpenChange={setChoosing}
      trigger={
        <>
          <Show when={me(workspace)} fallback={faceless}>
            {(person) => <Avatar small name={name()} colour={personColour(workspace, person())} />}
          </Show>
          <span>{name()}</span>
        </>
      }
    >
      <PersonPicker
        workspace={workspace}
        chosen={[me(workspace) ?? ''].filter((it) => it !== '')}
        onPick={(person) => {
          setChoosing(false);
          if (person !== null) become(workspace, person);
        }}
      />
    </Popover>
  );
}
