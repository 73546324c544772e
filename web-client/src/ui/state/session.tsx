// One workspace that is open: its connection, its workspace document, and the plans opened beside it. The socket lives as long as
// the person stays in the workspace, whatever page of it they look at.
import { Show, createContext, createEffect, createMemo, createResource, onCleanup, untrack, useContext, type JSX, type ParentProps } from 'solid-js';
import { startClient } from '../../store/start_client';
import type { KeptInputs } from '../../store/kept_inputs';
import { createLiveStore, type LiveStore } from '../../store/live_store';
import type { Connection } from '../../sync/api';
import { language } from '../../i18n';
import { beginArrival } from './arrival';
import { ownName } from './identity';
import { me, nameHere } from './me';

export interface Session {
  readonly id: string;
  readonly connection: Connection;
  readonly workspace: LiveStore;
  readonly kept: KeptInputs; // begun in forms and not sent, on this device
}

const SessionContext = createContext<Session>();

// `fallback` stands for the few milliseconds until this tab knows which client it is.
export function SessionProvider(props: ParentProps<{ id: string; fallback: JSX.Element }>) {
  const id = untrack(() => props.id);
  let ended = false;
  const [started] = createResource(async () => {
    const client = await startClient({ workspace: id, name: ownName(), language: language() });
    if (ended) client.stop();
    return client;
  });
  onCleanup(() => {
    ended = true;
    started.latest?.stop();
  });
  return (
    <Show when={started()} fallback={props.fallback}>
      {(client) => (
        <Connected id={id} connection={client().connection} kept={client().kept}>
          {props.children}
        </Connected>
      )}
    </Show>
  );
}

function Connected(props: ParentProps<{ id: string; connection: Connection; kept: KeptInputs }>) {
  const { id, connection, kept } = untrack(() => ({ id: props.id, connection: props.connection, kept: props.kept }));
  const workspace = createLiveStore(connection.open(`${id}/workspace`));
  beginArrival(workspace.document);
  followOwnName(connection, workspace);
  return <SessionContext.Provider value={{ id, connection, workspace, kept }}>{props.children}</SessionContext.Provider>;
}

// The others see me under the name that the workspace's list has for me. A name is told by connecting anew: one that is being written in
// the list is told when it rests.
const nameRestsMs = 3000;

function followOwnName(connection: Connection, workspace: LiveStore): void {
  const mine = createMemo(() => me(workspace));
  createEffect(() => {
    void [ownName(), mine()];
    connection.setName(untrack(() => nameHere(workspace)));
  });
  createEffect(() => {
    const name = nameHere(workspace);
    const timer = setTimeout(() => connection.setName(name), nameRestsMs);
    onCleanup(() => clearTimeout(timer));
  });
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('This view belongs inside a workspace.');
  return session;
}
