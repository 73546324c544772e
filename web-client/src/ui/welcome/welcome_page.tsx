// The first page: one's workspaces, a new one, or a sample to look around in.
import { A } from '@solidjs/router';
import { For, Match, Show, Switch, createSignal, onCleanup } from 'solid-js';
import { language, t } from '../../i18n';
import { Logo } from '../kit/logo';
import { LanguageSwitch, ThemeMenu } from '../shell/top_bar';
import { createSample, createWorkspace, listWorkspaces, type SampleName, type WorkspaceEntry } from './create';
import './welcome.css';

const askAgainMs = 5000;

type Making = 'own' | SampleName;

export function WelcomePage() {
  const [workspaces, setWorkspaces] = createSignal<readonly WorkspaceEntry[] | 'failed' | null>(null);
  const listed = () => {
    const found = workspaces();
    return found === 'failed' ? null : found;
  };
  let again: ReturnType<typeof setTimeout> | undefined;
  // A list that did not come is asked for until it does.
  const load = async (): Promise<void> => {
    clearTimeout(again);
    const found = await listWorkspaces().catch(() => 'failed' as const);
    setWorkspaces(found);
    if (found === 'failed') again = setTimeout(() => void load(), askAgainMs);
  };
  void load();
  onCleanup(() => clearTimeout(again));
  const [name, setName] = createSignal('');
  const [making, setMaking] = createSignal<Making | null>(null);
  const [failed, setFailed] = createSignal(false);
  document.title = 'Okra';

  const make = async (what: Making): Promise<void> => {
    if (making() !== null) return;
    setMaking(what);
    setFailed(false);
    const made = what === 'own' ? await createWorkspace(name().trim(), language()) : await createSample(what);
    setMaking(null);
    if (made === null) setFailed(true);
    // A new page: a plan that is drawn while the router still holds its transition open would not learn its team and cycle.
    else location.assign(made);
  };
  const samples = () => {
    const all: { key: SampleName; name: string; about: string; lang: string }[] = [
      { key: 'en', name: t().welcome.sampleEn, about: t().welcome.sampleEnAbout, lang: 'en' },
      { key: 'zh', name: t().welcome.sampleZh, about: t().welcome.sampleZhAbout, lang: 'zh-Hans' },
    ];
    return language() === 'zh' ? all.reverse() : all;
  };
  return (
    <main class="welcome">
      <header class="welcome-head">
        <span class="brand">
          <Logo />
          <span>Okra</span>
        </span>
        <span class="top-right">
          <LanguageSwitch />
          <ThemeMenu />
        </span>
      </header>
      <div class="welcome-lead">
        <h1>{t().welcome.title}</h1>
        <p>{t().welcome.intro}</p>
      </div>
      <Show when={failed()}>
        <p class="banner" role="alert">
          {t().welcome.createFailed}
        </p>
      </Show>
      <section aria-labelledby="yours">
        <h2 id="yours" class="section-title">
          {t().welcome.yours}
        </h2>
        <Switch fallback={<span class="bone bone-line" />}>
          <Match when={workspaces() === 'failed'}>
            <p class="quiet" role="status">
              {t().welcome.listFailed}
            </p>
            <button class="button" onClick={() => void load()}>
              {t().trouble.tryNow}
            </button>
          </Match>
          <Match when={listed()?.length === 0}>
            <p class="quiet">{t().welcome.empty}</p>
          </Match>
          <Match when={listed()}>
            {(list) => (
              <ul class="workspace-list">
                <For each={list()}>
                  {(it) => (
                    <li>
                      <A href={`/w/${it.id}`} class="workspace-link">
                        {it.name || t().untitled}
                      </A>
                    </li>
                  )}
                </For>
              </ul>
            )}
          </Match>
        </Switch>
        <form
          class="create-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (name().trim() !== '') void make('own');
          }}
        >
          <input class="input" autocomplete="organization" maxlength="200" aria-label={t().welcome.createName} placeholder={t().welcome.createPlaceholder} value={name()} onInput={(event) => setName(event.currentTarget.value)} />
          <button class="button button-primary" type="submit" disabled={name().trim() === '' || making() !== null}>
            {making() === 'own' ? t().welcome.creating : t().welcome.create}
          </button>
        </form>
      </section>
      <section aria-labelledby="samples">
        <h2 id="samples" class="section-title">
          {t().welcome.sampleTitle}
        </h2>
        <p class="quiet">{t().welcome.sampleIntro}</p>
        <div class="samples">
          <For each={samples()}>
            {(sample) => (
              <button class="sample" disabled={making() !== null} onClick={() => void make(sample.key)}>
                <strong lang={sample.lang}>{sample.name}</strong>
                <span>{making() === sample.key ? t().welcome.creating : sample.about}</span>
              </button>
            )}
          </For>
        </div>
      </section>
    </main>
  );
}
