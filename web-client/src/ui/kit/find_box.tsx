// The field above a list that narrows it: arrows move through the list, Enter picks. The list is somebody else's; its options have the
// ids `<list>-<index>`.
import { Icon } from './icons';

interface FindBoxProps {
  readonly list: string; // id of the list
  readonly class: string;
  readonly label: string;
  readonly autofocus?: boolean;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly count: number; // of options
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly onPick: (index: number) => void;
}

export function FindBox(props: FindBoxProps) {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') props.onActive(Math.min(props.count - 1, props.active + 1));
    else if (event.key === 'ArrowUp') props.onActive(Math.max(0, props.active - 1));
    else if (event.key === 'Enter') props.onPick(props.active);
    else return;
    event.preventDefault();
    document.getElementById(`${props.list}-${props.active}`)?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div class={`find-box ${props.class}`}>
      <Icon name="find" />
      <input
        autofocus={props.autofocus}
        role="combobox"
        aria-expanded="true"
        aria-controls={props.list}
        aria-activedescendant={props.active < props.count ? `${props.list}-${props.active}` : ''}
        aria-label={props.label}
        placeholder={props.label}
        autocomplete="off"
        value={props.typed}
        onInput={(event) => {
          props.onType(event.currentTarget.value);
          props.onActive(0);
        }}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
