// The line above every page of a workspace: where one is, what is saved, who is here, language and theme.
import { A } from '@solidjs/router';
import { For, Show, createMemo } from 'solid-js';
import type { LiveStore } from '../../store/live_store';
import { language, setLanguage, t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { Icon } from '../kit/icons';
import { Menu } from '../kit/menu';
import { faceOf, type Face } from '../state/people';
import { useSession } from '../state/session';
import { setTheme, themeChoice } from '../state/theme';
import { SaveState } from './save_state';
import { useShell } from './use_shell';

export interface Crumb {
  readonly words: string;
  readonly href?: string;
}

// Few on a phone: the words of the line come first.
const facesMax = (): number => (innerWidth < 640 ? 3 : 5);

export function TopBar(props: { crumbs: readonly Crumb[]; stores: readonly LiveStore[]; here: LiveStore }) {
  const shell = useShell();
  return (
    <header class="top-bar">
      <button class="icon-button top-menu" aria-label={t().menu} onClick={() => shell.openMenu()}>
        <Icon name="menu" />
      </button>
      <nav class="crumbs" aria-label={t().nav.breadcrumb}>
        <ol>
          <For each={props.crumbs}>
            {(crumb) => (
              <li>
                <Show when={crumb.href} fallback={<span aria-current="page">{crumb.words}</span>}>
                  {(href) => <A href={href()}>{crumb.words}</A>}
                </Show>
              </li>
            )}
          </For>
        </ol>
      </nav>
      <div class="top-right">
        <SaveState stores={props.stores} />
        <Faces store={props.here} />
        <span class="top-settings">
          <LanguageSwitch />
          <ThemeMenu />
        </span>
      </div>
    </header>
  );
}

function Faces(props: { store: LiveStore }) {
  const { workspace } = useSession();
  // One person with several tabs is one face.
  const faces = createMemo(() => {
    const seen = new Map<string, Face & { readonly own: boolean }>();
    for (const person of props.store.people()) {
      const face = faceOf(workspace, person);
      const own = person.client === props.store.document.client;
      if (own || !seen.has(face.key)) seen.set(face.key, { ...face, own });
    }
    return [...seen.values()];
  });
  return (
    <ul class="faces" aria-label={t().people.here(faces().length)}>
      <For each={faces().slice(0, facesMax())}>
        {(face) => (
          <li>
            <Avatar name={face.name} colour={face.colour} label={face.own ? t().people.youAre(face.name) : face.name} />
          </li>
        )}
      </For>
      <Show when={faces().length > facesMax()}>
        <li class="faces-more number">{t().people.more(faces().length - facesMax())}</li>
      </Show>
    </ul>
  );
}

export function LanguageSwitch() {
  return (
    <span class="language" role="group" aria-label={t().language.label}>
      <button type="button" lang="en" aria-pressed={language() === 'en'} onClick={() => void setLanguage('en')}>
        EN
      </button>
      <span aria-hidden="true">·</span>
      <button type="button" lang="zh-Hans" aria-pressed={language() === 'zh'} onClick={() => void setLanguage('zh')}>
        中文
      </button>
    </span>
  );
}

export function ThemeMenu() {
  const choices = ['system', 'light', 'dark'] as const;
  return (
    <Menu
      label={t().theme.label}
      trigger={<Icon name={document.documentElement.dataset['theme'] === 'dark' ? 'moon' : 'sun'} />}
      items={choices.map((choice) => ({ label: t().theme[choice], ...(themeChoice() === choice ? { icon: 'check' as const } : {}), run: () => setTheme(choice) }))}
    />
  );
}
