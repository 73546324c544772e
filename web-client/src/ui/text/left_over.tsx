// Words that a text did not take (it is full, or what they were written in is gone): cut in silence they would be lost, so they stand under
// the text until their writer has copied them or lets them go. Until then they are kept on this device like what is begun in a form.
import { Show, createEffect, createSignal } from 'solid-js';
import type { FieldName } from '../../protocol/schema';
import type { KeptPlace } from '../../store/kept_input';
import type { KeptInputs } from '../../store/kept_inputs';
import type { EntityId } from '../../sync/api';
import { useSession } from '../state/session';
import type * as notesChunk from './left_over_notes';

export interface TextPlace {
  readonly document: string;
  readonly entity: EntityId;
  readonly field: FieldName;
}
export interface LeftOver {
  readonly place: TextPlace;
  readonly words: string;
  readonly code: string; // of the refusal
}

const [notes, setNotes] = createSignal<typeof notesChunk | null>(null);

const keptPlace = ({ document, entity }: TextPlace): KeptPlace => ({ document, entity, form: 'left_over' });
const keptName = (field: FieldName, code: string): string => `${field} ${code}`;

// Keys that are held at the limit are one note, not a hundred.
export function keepLeftOver(kept: KeptInputs, { place, words, code }: LeftOver): void {
  const name = keptName(place.field, code);
  kept.keep(keptPlace(place), name, (kept.find(keptPlace(place))?.values[name] ?? '') + words);
}
export function dropLeftOver(kept: KeptInputs, { place, code }: LeftOver): void {
  kept.keep(keptPlace(place), keptName(place.field, code), null);
}
function leftOvers(kept: KeptInputs, place: TextPlace): LeftOver[] {
  return Object.entries(kept.find(keptPlace(place))?.values ?? {}).flatMap(([name, words]) => {
    const [field, code = ''] = name.split(' ');
    return field === place.field ? [{ place, words, code }] : [];
  });
}

// When the editor has come, so that they are there also without the server; where that failed, when they are needed.
export function loadNotes(): void {
  if (notes() !== null) return;
  import('./left_over_notes').then(
    (module) => setNotes(() => module),
    () => undefined,
  );
}

export function LeftOvers(props: { place: TextPlace }) {
  const { kept } = useSession();
  const mine = () => leftOvers(kept, props.place);
  createEffect(() => mine().length > 0 && loadNotes());
  return <Show when={mine().length > 0 && notes()}>{(module) => <>{module().LeftOverNotes({ get list() { return mine(); } })}</>}</Show>;
}
