// The one owner of something: an avatar that opens the people picker.
import { Show, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { sightOf } from '../../sync/sight';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { Icon } from '../kit/icons';
import { Popover } from '../kit/popover';
import { washOnRemote } from '../state/motion';
import { personColour, personName } from '../state/people';
import { setField } from '../state/submit';
import { PersonPicker } from './person_picker';

export function OwnerField(props: { store: LiveStore; workspace: LiveStore; id: EntityId; named?: boolean; small?: boolean }) {
  let box!: HTMLSpanElement;
  const [open, setOpen] = createSignal(false);
  const owner = () => props.store.text(props.id, 'owner');
  const name = () => (owner() === '' ? t().field.noOwner : personName(props.workspace, owner()));
  let sight = sightOf(props.store.document.status); // when the list was opened
  washOnRemote(props.store.document, props.id, 'owner', () => box);

  const pick = (person: EntityId | null): void => {
    setOpen(false);
    if (person === (owner() || null)) return;
    setField(props.store, { id: props.id, field: 'owner' }, person, sight);
  };
  return (
    <span ref={box} class="owner">
      <Popover
        label={`${t().field.owner}: ${name()}`}
        triggerClass={props.named ? 'owner-named' : 'owner-button'}
        open={open()}
        onOpenChange={(next) => {
          setOpen(next);
          if (!next) return;
          sight = sightOf(props.store.document.status);
          props.store.document.setPlace({ entity: props.id, field: 'owner' });
        }}
        trigger={
          <>
            <Show when={owner() !== ''} fallback={<span class="avatar avatar-open" classList={{ 'avatar-small': props.small ?? false }}><Icon name="person" size={12} /></span>}>
              <Avatar small={props.small ?? false} name={name()} colour={personColour(props.workspace, owner())} />
            </Show>
            <Show when={props.named}>
              <span>{name()}</span>
            </Show>
          </>
        }
      >
        <PersonPicker workspace={props.workspace} chosen={owner() === '' ? [] : [owner()]} clearable onPick={pick} />
      </Popover>
    </span>
  );
}
