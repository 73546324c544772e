// What an objective or key result contributes to, in any plan: shown under its title, chosen in its details (`align_field.tsx`). A
// reference is `<team>/<cycle>/<id>`.
import { A } from '@solidjs/router';
import { For, Show, createMemo, type Accessor } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';
import { usePlan, type PlanView } from './context';
import type { Known } from './neighbours';
import { linkTo } from './selection';

interface Aligned {
  readonly plan: string;
  readonly title: string; // '': not known
  readonly words: string; // both, or why they are not known
  readonly href: string;
  readonly gone: Gone;
}
type Gone = 'removed' | 'abandoned' | null;

const shownMax = 2; // in the card; the details have them all

export function createAligned(view: PlanView, reference: string): Accessor<Aligned> {
  const [team = '', cycle = '', id = ''] = reference.split('/');
  return createMemo(() => {
    const known = view.neighbours.name(team, cycle, id);
    const plan = planName(view, team, cycle);
    return { ...wordsFor(known, plan), plan, href: linkTo(`/w/${view.workspaceId}/${team}/${cycle}`, id), gone: known.type === 'read' ? known.gone : null };
  });
}

// One of another time says of which.
function planName(view: PlanView, team: EntityId, cycle: EntityId): string {
  const name = view.workspace.text(team, 'name') || t().untitled;
  return cycle === view.cycleId ? name : t().plan.titleOf(name, view.workspace.text(cycle, 'name') || t().untitled);
}

function wordsFor(known: Known, plan: string): Pick<Aligned, 'title' | 'words'> {
  if (known.type === 'unread') return { title: '', words: t().align.unread[known.why](plan) };
  if (known.title === '' && known.gone === 'removed') return { title: '', words: plan };
  const title = known.title || t().untitled;
  return { title, words: t().align.of(title, plan) };
}

const goneWords = (what: Gone): readonly string[] => (what === null ? [] : [t().align.gone[what]]);

export function GoneMark(props: { what: Gone }) {
  return (
    <Show when={props.what}>
      {(what) => (
        <em class="aligned-gone">
          <Icon name="warn" size={12} />
          {t().align.gone[what()]}
        </em>
      )}
    </Show>
  );
}

export function AlignedFacts(props: { id: EntityId }) {
  const view = usePlan();
  return (
    <For each={view.plan.members(props.id, 'aligned_to').slice(0, shownMax)}>
      {(reference) => {
        const it = createAligned(view, reference);
        return (
          <A class="fact-aligned" href={it().href} title={[`${t().align.label}: ${it().words}`, ...goneWords(it().gone)].join(' · ')}>
            <Icon name="link" size={12} />
            <span>{it().words}</span>
            <GoneMark what={it().gone} />
          </A>
        );
      }}
    </For>
  );
}
