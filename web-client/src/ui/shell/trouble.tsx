// Pages and banners for when something is wrong: what happened, what is safe, what to do.
import { A } from '@solidjs/router';
import type { Refusal } from '../../protocol/messages';
import { Show, type JSX } from 'solid-js';
import type { LiveStore } from '../../store/live_store';
import { refusalWords, t } from '../../i18n';
import { Logo } from '../kit/logo';

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
  return (
    <>
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
