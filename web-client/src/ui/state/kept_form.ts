// A form whose words survive it: what is typed is kept on the device with every key, until it is sent or let go. Inputs that were not touched
// show what the document holds, and are not sent.
import { onCleanup } from 'solid-js';
import type { KeptInput, KeptPlace } from '../../store/kept_input';
import type { KeptInputs } from '../../store/kept_inputs';
import type { LiveDocument } from '../../sync/api';
import { t } from '../../i18n';
import { showToast } from '../kit/toast';
import { useSession } from './session';

export interface KeptForm<Name extends string> {
  typed(name: Name): string | undefined; // undefined: not touched
  keep(name: Name, value: string | null): void; // null: not touched any more
  begun(): boolean;
  sent(): void;
  discard(): void;
}

// For the page that shows a document: what is kept for it is this tab's while it is open.
export function holdKept(document: LiveDocument): void {
  const { kept } = useSession();
  void kept.enter(document.name);
  onCleanup(() => void kept.leave(document.name));
}

// Let go by hand, with the way back.
export function discardKept(kept: KeptInputs, input: KeptInput): void {
  kept.drop(input);
  showToast({ text: t().kept.discarded, actions: [{ label: t().undo, run: () => kept.bringBack(input) }] });
}

export function createKeptForm<Name extends string>(place: KeptPlace): KeptForm<Name> {
  const { kept } = useSession();
  return {
    typed: (name) => kept.find(place)?.values[name],
    keep: (name, value) => kept.keep(place, name, value),
    begun: () => kept.find(place) !== undefined,
    sent: () => kept.drop(place),
    discard: () => {
      const input = kept.find(place);
      if (input !== undefined) discardKept(kept, input);
    },
  };
}
