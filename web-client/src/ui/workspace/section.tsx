// A list of the workspace under its title: what to do while it is empty, the rows, and the line that adds one.
import { Show, type ParentProps } from 'solid-js';
import type { KindName } from '../../protocol/schema';
import { AddRow } from '../rows/add_row';

interface SectionProps extends ParentProps {
  readonly name: string; // within the page
  readonly title: string;
  readonly empty: string | null; // said while there is nothing
  readonly adds: KindName;
  readonly addWords: string;
  readonly onAdd: () => void;
  readonly place?: (section: HTMLElement) => void;
}

export function Section(props: SectionProps) {
  return (
    <section ref={(it) => props.place?.(it)} class="tree" aria-labelledby={`${props.name}-title`}>
      <h2 id={`${props.name}-title`} class="section-title">
        {props.title}
      </h2>
      <Show when={props.empty}>{(words) => <p class="quiet">{words()}</p>}</Show>
      {props.children}
      <AddRow adds={props.adds} words={props.addWords} onAdd={() => props.onAdd()} />
    </section>
  );
}
