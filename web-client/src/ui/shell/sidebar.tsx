// Teams and cycles of the workspace; the plan that is open is where both meet.
import { A, useLocation, useParams } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';
import { Logo } from '../kit/logo';
import { currentCycle, flatten } from '../state/cycles';
import { ownName } from '../state/identity';
import { useSession } from '../state/session';
import { useShell } from './shell';

export function Sidebar(props: { onLeave?: () => void }) {
  const { id, workspace } = useSession();
  const shell = useShell();
  const params = useParams<{ team?: string; cycle?: string }>();
  const location = useLocation();
  const teams = () => flatten(workspace, 'team');
  const cycles = () => flatten(workspace, 'cycle');
  const cycle = () => params.cycle ?? currentCycle(workspace);
  const team = () => params.team ?? teams()[0]?.id;
  const name = (it: string) => workspace.text(it, 'name') || t().untitled;
  const overview = () => `/w/${id}`;

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
      <Show when={teams().length > 0}>
        <nav aria-labelledby="side-teams">
          <h2 id="side-teams" class="side-title">
            {t().nav.teams}
          </h2>
          <ul>
            <For each={teams()}>
              {(it) => (
                <li>
                  <A
                    href={cycle() ? `/w/${id}/${it.id}/${cycle()}` : overview()}
                    class="side-link"
                    data-depth={Math.min(it.depth, 5)}
                    aria-current={params.team === it.id ? 'page' : undefined}
                  >
                    <span class="side-words">{name(it.id)}</span>
                  </A>
                </li>
              )}
            </For>
          </ul>
        </nav>
      </Show>
      <Show when={cycles().length > 0}>
        <nav aria-labelledby="side-cycles">
          <h2 id="side-cycles" class="side-title">
            {t().nav.cycle}
          </h2>
          <ul>
            <For each={cycles()}>
              {(it) => (
                <li>
                  <A
                    href={team() ? `/w/${id}/${team()}/${it.id}` : overview()}
                    class="side-link"
                    data-depth={Math.min(it.depth, 5)}
                    aria-current={params.cycle === it.id ? 'page' : undefined}
                  >
                    <span class="side-words">{name(it.id)}</span>
                    <Show when={currentCycle(workspace) === it.id}>
                      <span class="side-now" title={t().workspace.currentCycle} />
                    </Show>
                  </A>
                </li>
              )}
            </For>
          </ul>
        </nav>
      </Show>
      <div class="side-foot">
        <button class="side-link" title={t().name.change} onClick={() => shell.openName()}>
          <Icon name="person" size={14} />
          <span class="side-words">{ownName()}</span>
        </button>
        <button class="icon-button" aria-label={t().nav.keys} title={t().nav.keys} onClick={() => shell.openKeys()}>
          ?
        </button>
      </div>
    </div>
  );
}
