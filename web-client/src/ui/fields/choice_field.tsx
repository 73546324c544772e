// One of a few values, with the platform's own list: nothing opens better on a phone.
import { For } from 'solid-js';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import { sightOf } from '../../sync/sight';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { washOnRemote } from '../state/motion';
import { setField } from '../state/submit';

interface ChoiceFieldProps {
  readonly store: LiveStore;
  readonly id: EntityId;
  readonly field: FieldName;
  readonly label: string;
  readonly words: Readonly<Record<string, string>>; // value → word, in the order of the schema
  readonly fallback?: string; // shown while unset; absent: an empty choice is offered
  readonly unsetLabel?: string;
}

export function ChoiceField(props: ChoiceFieldProps) {
  const value = () => {
    const field = props.store.field(props.id, props.field);
    return typeof field === 'string' ? field : (props.fallback ?? '');
  };
  let sight = sightOf(props.store.document.status); // when the list was opened
  const look = (): void => {
    sight = sightOf(props.store.document.status);
  };
  const onChange = (event: Event & { currentTarget: HTMLSelectElement }): void => {
    const next = event.currentTarget.value;
    setField(props.store, { id: props.id, field: props.field }, next === '' ? null : next, sight);
    look();
  };
  let box!: HTMLSpanElement;
  washOnRemote(props.store.document, props.id, props.field, () => box);
  return (
    <span ref={box} class="choice">
      <select aria-label={props.label} onChange={onChange} classList={{ 'choice-unset': value() === '' }} onPointerDown={look} onKeyDown={look} onFocus={() => props.store.document.setPlace({ entity: props.id, field: props.field })}>
        {props.fallback === undefined && (
          <option value="" selected={value() === ''}>
            {props.unsetLabel ?? t().field.notSet}
          </option>
        )}
        <For each={Object.entries(props.words)}>
          {([key, word]) => (
            <option value={key} selected={value() === key}>
              {word}
            </option>
          )}
        </For>
      </select>
    </span>
  );
}
