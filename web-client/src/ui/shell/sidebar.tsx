// Teams and cycles of the workspace; the plan that is open is where both meet.
import { A, useLocation, useParams } from '@solidjs/router';
import { For, Show, createEffect, createMemo, createSignal } from 'solid-js';
import { t } from '../../i18n';
import { Avatar } from '../kit/avatar';
import { Logo } from '../kit/logo';
import { currentCycle, flatten, type TreeItem } from '../state/cycles';
import { nameHere } from '../state/me';
import { faceOf } from '../state/people';
import { useSession } from '../state/session';
import { LanguageSwitch, ThemeMenu } from './top_bar';
import { useShell } from './use_shell';

export function Sidebar(props: { onLeave?: () => void }) {
  const { id, workspace } = useSession();
  const shell = useShell();
  const params = useParams<{ team?: string; cycle?: string }>();
  const location = useLocation();
  const teams = () => flatten(workspace, 'team');
  const cycles = () => flatten(workspace, 'cycle');
  const cycle = () => params.cycle ?? currentCycle(workspace);
  const team = () => params.team ?? teams()[0]?.id;
  const overview = () => `/w/${id}`;
  const me = createMemo(() => faceOf(workspace, { name: nameHere(workspace), client: '' }));

  return (
    <div class="sidebar" onClick={(event) => event.target instanceof Element && event.target.closest('a') && props.onLeave?.()}>
      <A href="/" class="brand" title={t().nav.workspaces}>
        <Logo />
        <span>Okra</span>
      </A>
      <nav aria-label={t().nav.overview}>
        <A href={overview()} class="side-link" aria-current={location.pathname === overview() ? 'page' : undefined}>
          <span class="side-words">{workspace.text(workspace.rootId(), 'name') || t().nav.overview}</span>
        </A>
        <button
          class="side-link"
          onClick={() => {
            props.onLeave?.();
            shell.openPalette();
          }}
        >
          <span class="side-words">{t().nav.find}</span>
          <kbd>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
      </nav>
      <SideList name="teams" title={t().nav.teams} items={teams()} chosen={params.team} href={(it) => (cycle() ? `/w/${id}/${it}/${cycle()}` : overview())} />
      <SideList
        name="cycles"
        title={t().nav.cycle}
        items={cycles()}
        chosen={params.cycle}
        marked={currentCycle(workspace)}
        href={(it) => (team() ? `/w/${id}/${team()}/${it}` : overview())}
      />
      <div class="side-end">
        {/* On a phone the line above the page has no room for them. */}
        <div class="side-settings">
          <LanguageSwitch />
          <ThemeMenu />
        </div>
        <div class="side-foot">
          <button class="side-link" title={t().name.change} onClick={() => shell.openName()}>
            <Avatar small name={me().name} colour={me().colour} />
            <span class="side-words">{me().name}</span>
          </button>
          <button class="icon-button" aria-label={t().nav.keys} title={t().nav.keys} onClick={() => shell.openKeys()}>
            ?
          </button>
        </div>
      </div>
    </div>
  );
}

interface SideListProps {
  readonly name: string;
  readonly title: string;
  readonly items: readonly TreeItem[];
  readonly chosen: string | undefined;
  readonly marked?: string | null; // the cycle that today lies in
  readonly href: (id: string) => string;
}

// Teams or cycles, each under its parent. Long lists scroll by themselves, so that the other one stays in reach.
function SideList(props: SideListProps) {
  const { workspace } = useSession();
  const [list, setList] = createSignal<HTMLElement>();
  createEffect(() => {
    const place = list();
    if (props.chosen === undefined || place === undefined) return;
    const chosen = place.querySelector('[aria-current="page"]');
    // Not `scrollIntoView`: that would scroll the page too.
    if (chosen instanceof HTMLElement) place.scrollTop = chosen.offsetTop - place.clientHeight / 2;
  });
  return (
    <Show when={props.items.length > 0}>
      <nav ref={setList} class="side-list" aria-labelledby={`side-${props.name}`}>
        <h2 id={`side-${props.name}`} class="side-title">
          {props.title}
        </h2>
        <ul>
          <For each={props.items}>
            {(it) => {
              const words = () => workspace.text(it.id, 'name') || t().untitled;
              return (
                <li>
                  <A href={props.href(it.id)} class="side-link" data-depth={Math.min(it.depth, depthMax)} title={words()} aria-current={props.chosen === it.id ? 'page' : undefined}>
                    <span class="side-words">{words()}</span>
                    <Show when={props.marked === it.id}>
                      <span class="side-now" title={t().workspace.currentCycle} />
                    </Show>
                  </A>
                </li>
              );
            }}
          </For>
        </ul>
      </nav>
    </Show>
  );
}

const depthMax = 5; // deeper teams stand under their parents without a further step to the right
