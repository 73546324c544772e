// Pages and banners for when something is wrong: what happened, what is safe, what to do.
import { A } from '@solidjs/router';
import type { Refusal } from '../../protocol/messages';
import { Show, createEffect, createMemo, createSignal, onCleanup, type Accessor, type JSX } from 'solid-js';
import type { LiveStore } from '../../store/live_store';
import { refusalWords, t } from '../../i18n';
import { Logo } from '../kit/logo';
import { useSession } from '../state/session';
import { Bones } from './bones';

export function TroublePage(props: { title: string; text: string; children?: JSX.Element }) {
  return (
    <div class="trouble" role="alert">
      <Logo size={40} />
      <h1>{props.title}</h1>
      <p>{props.text}</p>
      <div class="form-foot">{props.children}</div>
    </div>
  );
}

export function CrashPage() {
  return (
    <main class="trouble-page">
      <TroublePage title={t().trouble.crashTitle} text={t().trouble.crashText}>
        <button class="button button-primary" onClick={() => location.reload()}>
          {t().trouble.reload}
        </button>
      </TroublePage>
    </main>
  );
}

export function NotFoundPage() {
  return (
    <main class="trouble-page">
      <TroublePage title={t().trouble.pageTitle} text={t().trouble.pageText}>
        <A class="button button-primary" href="/">
          {t().trouble.toStart}
        </A>
      </TroublePage>
    </main>
  );
}

// The server does not open this one document.
export function DocumentTrouble(props: { problem: Refusal }) {
  const damaged = () => props.problem.code === 'quarantined';
  return (
    <TroublePage title={damaged() ? t().trouble.quarantinedTitle : t().trouble.closedTitle} text={damaged() ? t().trouble.quarantined : refusalWords(props.problem.code)}>
      <A class="button button-primary" href="/">
        {t().trouble.toStart}
      </A>
    </TroublePage>
  );
}

const patienceMs = 3000; // a connection that comes back by itself is nobody's business

// Whether something has been so for a while.
function createLasting(is: Accessor<boolean>): Accessor<boolean> {
  const [lasting, setLasting] = createSignal(false);
  const now = createMemo(is); // a further attempt that fails does not begin the time again
  createEffect(() => {
    if (!now()) return void setLasting(false);
    const timer = setTimeout(() => setLasting(true), patienceMs);
    onCleanup(() => clearTimeout(timer));
  });
  return lasting;
}

function createAway(store: LiveStore): Accessor<boolean> {
  return createLasting(() => ['connecting', 'waiting'].includes(store.status().connection.type));
}

function awayTitle(store: LiveStore): string {
  const { connection } = store.status();
  return connection.type === 'waiting' && connection.offline ? t().trouble.offlineNow : t().trouble.awayNow;
}

function TryNow() {
  const { connection } = useSession();
  return (
    <button class="button" onClick={() => connection.reconnectNow()}>
      {t().trouble.tryNow}
    </button>
  );
}

// In place of a document that has not come yet.
export function Awaited(props: { store: LiveStore }) {
  const away = createAway(props.store);
  return (
    <Show when={away()} fallback={<Bones />}>
      <TroublePage title={awayTitle(props.store)} text={t().trouble.noCopy}>
        <TryNow />
      </TroublePage>
    </Show>
  );
}

// Above the content while the connection or the server's disk is in trouble; the content below stays usable.
export function TroubleBanner(props: { store: LiveStore }) {
  const away = () => {
    const connection = props.store.status().connection;
    return connection.type === 'away' ? connection.code : null;
  };
  const awayWords = (code: string) => {
    const words: Readonly<Record<string, string>> = t().trouble;
    return ['replaced', 'protocol_version', 'hostile', 'too_large'].includes(code) ? (words[code] ?? t().trouble.other) : t().trouble.other;
  };
  const unreached = createAway(props.store);
  return (
    <>
      <Show when={unreached() && props.store.status().loaded}>
        <div class="banner banner-calm" role="status">
          <div>
            <strong>{awayTitle(props.store)}</strong>
            <p>{t().trouble.lastCopy}</p>
          </div>
          <TryNow />
        </div>
      </Show>
      <Show when={away()}>
        {(code) => (
          <div class="banner" role="alert">
            <div>
              <strong>{t().trouble.awayTitle}</strong>
              <p>{awayWords(code())}</p>
            </div>
            <button class="button" onClick={() => location.reload()}>
              {t().trouble.reload}
            </button>
          </div>
        )}
      </Show>
      <Show when={props.store.status().differs}>
        <div class="banner" role="alert">
          <p>{t().trouble.differs}</p>
          <button class="button" onClick={() => location.reload()}>
            {t().trouble.reload}
          </button>
        </div>
      </Show>
      <Show when={props.store.status().storage === 'failed'}>
        <div class="banner" role="alert">
          <p>{t().saved.storage}</p>
        </div>
      </Show>
    </>
  );
}
