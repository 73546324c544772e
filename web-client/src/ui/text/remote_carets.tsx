// Where others write in a text: a caret in their colour, their selection as a tint, their name as a flag that rests after two seconds and
// returns when they move or the pointer comes near. Drawn over the text, never in it: no remote caret can disturb what is being typed. The flag
// stands above the first line, whichever line the caret is on: there are no words that it could cover.
import { For, Show, createEffect, createMemo, createSignal, on, onCleanup, onMount, type Accessor } from 'solid-js';
import type { Person } from '../../protocol/messages';
import { faceOf } from '../state/people';
import { useSession } from '../state/session';

export interface TextGeometry {
  box(): HTMLElement;
  revision: Accessor<number>;
  caret(position: number): { left: number; top: number; bottom: number } | null; // position in code points
  rects(from: number, to: number): DOMRect[];
}

interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
const flagMs = 2000;
const nearPx = 14;

export function RemoteCarets(props: { people: readonly Person[]; geometry: TextGeometry }) {
  const sessions = createMemo(() => props.people.filter((it) => it.at?.head !== undefined).map((it) => it.session), [], { equals: sameNumbers });
  return (
    <Show when={sessions().length > 0}>
      <div class="carets" aria-hidden="true">
        <For each={sessions()}>
          {(session) => <Show when={props.people.find((it) => it.session === session)}>{(person) => <RemoteCaret person={person()} geometry={props.geometry} />}</Show>}
        </For>
      </div>
    </Show>
  );
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((it, index) => it === b[index]);
}

function RemoteCaret(props: { person: Person; geometry: TextGeometry }) {
  const { workspace } = useSession();
  const face = createMemo(() => faceOf(workspace, props.person));
  const [resized, setResized] = createSignal(0);
  const [awake, setAwake] = createSignal(true);
  const [near, setNear] = createSignal(false);
  const [caret, setCaret] = createSignal<Rect | null>(null);
  const [selection, setSelection] = createSignal<readonly Rect[]>([]);
  let timer: ReturnType<typeof setTimeout>;

  const wake = (): void => {
    setAwake(true);
    clearTimeout(timer);
    timer = setTimeout(() => setAwake(false), flagMs);
  };
  const measure = (): void => {
    const at = props.person.at;
    if (at?.head === undefined) return;
    const box = props.geometry.box().getBoundingClientRect();
    setCaret(drawCaret(props.geometry.caret(at.head), box));
    const anchor = at.anchor ?? at.head;
    const rects = anchor === at.head ? [] : props.geometry.rects(Math.min(anchor, at.head), Math.max(anchor, at.head));
    setSelection(rects.map((it) => ({ left: it.left - box.left, top: it.top - box.top, width: it.width, height: it.height })));
  };

  createEffect(on(() => [props.person.at?.head, props.person.at?.anchor], wake));
  createEffect(() => {
    props.geometry.revision();
    resized();
    void [props.person.at?.head, props.person.at?.anchor];
    queueMicrotask(measure); // after the text itself is redrawn
  });
  onMount(() => {
    const box = props.geometry.box();
    const observer = new ResizeObserver(() => setResized((count) => count + 1));
    observer.observe(box);
    const onMove = (event: PointerEvent): void => {
      const at = caret();
      if (at === null) return;
      const origin = box.getBoundingClientRect();
      setNear(Math.abs(event.clientX - origin.left - at.left) < nearPx && Math.abs(event.clientY - origin.top - at.top - at.height / 2) < at.height);
    };
    box.addEventListener('pointermove', onMove);
    onCleanup(() => {
      observer.disconnect();
      box.removeEventListener('pointermove', onMove);
      clearTimeout(timer);
    });
  });

  return (
    <div class="remote" data-person={face().colour}>
      <For each={selection()}>{(rect) => <span class="remote-selection" style={px(rect)} />}</For>
      <Show when={caret()}>
        {(at) => (
          <>
            <span class="remote-caret" style={{ height: `${at().height}px`, transform: `translate(${at().left}px, ${at().top}px)` }} />
            <span class="remote-flag-line" style={{ '--left': `${at().left}px` }}>
              <span class="remote-flag" classList={{ 'remote-flag-rests': !awake() && !near() }}>
                {face().name}
              </span>
            </span>
          </>
        )}
      </Show>
    </div>
  );
}

function px(rect: Rect): Record<string, string> {
  return { width: `${rect.width}px`, height: `${rect.height}px`, transform: `translate(${rect.left}px, ${rect.top}px)` };
}

function drawCaret(rect: { left: number; top: number; bottom: number } | null, box: DOMRect): Rect | null {
  return rect === null ? null : { left: rect.left - box.left, top: rect.top - box.top, width: 2, height: rect.bottom - rect.top };
}
