// Pages by address. The plan's page travels apart from the others: most visits see only one of them.
import { Route, Router, useParams, type RouteSectionProps } from '@solidjs/router';
import { ErrorBoundary, Show, Suspense, lazy } from 'solid-js';
import { isId } from '../protocol/schema';
import { ToastRegion } from './kit/toast';
import { Bones } from './shell/bones';
import { ShellFrame } from './shell/shell';
import { CrashPage, NotFoundPage } from './shell/trouble';
import { LiveRegion } from './state/announce';
import { SessionProvider } from './state/session';
import './state/theme';

const WelcomePage = lazy(() => import('./welcome/welcome_page').then((it) => ({ default: it.WelcomePage })));
const WorkspacePage = lazy(() => import('./workspace/workspace_page').then((it) => ({ default: it.WorkspacePage })));
const PlanPage = lazy(() => import('./plan/plan_page').then((it) => ({ default: it.PlanPage })));

export function App() {
  return (
    <ErrorBoundary
      fallback={(error: unknown) => {
        console.error(error);
        return <CrashPage />;
      }}
    >
      <Router root={Root}>
        <Route path="/" component={WelcomePage} />
        <Route path="/w/:workspace" component={WorkspaceFrame}>
          <Route path="/" component={WorkspacePage} />
          <Route path="/:team/:cycle" component={PlanPage} />
        </Route>
        <Route path="*" component={NotFoundPage} />
      </Router>
    </ErrorBoundary>
  );
}

function Root(props: RouteSectionProps) {
  return (
    <>
      <Suspense>{props.children}</Suspense>
      <ToastRegion />
      <LiveRegion />
    </>
  );
}

function WorkspaceFrame(props: RouteSectionProps) {
  const params = useParams<{ workspace: string }>();
  return (
    <Show when={isId(params.workspace) && params.workspace} keyed fallback={<NotFoundPage />}>
      {(id) => (
        <SessionProvider id={id} fallback={<PageBones />}>
          <ShellFrame>
            <Suspense fallback={<PageBones />}>{props.children}</Suspense>
          </ShellFrame>
        </SessionProvider>
      )}
    </Show>
  );
}

function PageBones() {
  return (
    <div class="main">
      <main class="column">
        <Bones />
      </main>
    </div>
  );
}
