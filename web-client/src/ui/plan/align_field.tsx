// What something contributes to, in its details: all of it, each with the way there, and the picker that adds to it.
import { A } from '@solidjs/router';
import { For, Match, Show, Switch, createMemo, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { TreeSelect } from '../fields/tree_select';
import { Icon } from '../kit/icons';
import { Popover } from '../kit/popover';
import { flatten } from '../state/cycles';
import { submit } from '../state/submit';
import { createAligned, GoneMark } from './alignment';
import { usePlan } from './context';

export function AlignField(props: { id: EntityId }) {
  const view = usePlan();
  const references = () => view.plan.members(props.id, 'aligned_to');
  const toggle = (reference: string): void => {
    submit(view.plan, { op: references().includes(reference) ? 'exclude' : 'include', id: props.id, field: 'aligned_to', value: reference });
  };
  return (
    <div class="aligned-list">
      <For each={references()}>
        {(reference) => {
          const it = createAligned(view, reference);
          return (
            <div class="aligned-row">
              <A class="aligned-words" href={it().href}>
                <Show when={it().title} fallback={<span>{it().words}</span>}>
                  {(title) => (
                    <>
                      <span>{title()}</span>
                      <span class="quiet">{it().plan}</span>
                    </>
                  )}
                </Show>
                <GoneMark what={it().gone} />
              </A>
              <button class="icon-button" aria-label={`${t().remove}: ${it().words}`} onClick={() => toggle(reference)}>
                <Icon name="close" size={12} />
              </button>
            </div>
          );
        }}
      </For>
      <Popover label={t().align.add} triggerClass="people-field" trigger={<span class="avatar avatar-open avatar-small"><Icon name="add" size={12} /></span>}>
        <AlignPicker id={props.id} chosen={references()} onToggle={toggle} />
      </Popover>
    </div>
  );
}

function AlignPicker(props: { id: EntityId; chosen: readonly string[]; onToggle: (reference: string) => void }) {
  const view = usePlan();
  // Most alignment goes up: the picker begins with the team above.
  const above = view.workspace.entity(view.teamId)?.parent ?? '';
  const [team, setTeam] = createSignal(view.workspace.entity(above)?.kind === 'team' ? above : view.teamId);
  const [cycle, setCycle] = createSignal(view.cycleId);
  const whole = createMemo(() => view.neighbours.whole(team(), cycle()));
  const store = createMemo(() => {
    const it = whole();
    return it.type === 'read' ? it.store : null;
  });
  const unread = createMemo(() => {
    const it = whole();
    return it.type === 'unread' ? it.why : null;
  });
  return (
    <div class="align-picker">
      <TreeSelect workspace={view.workspace} kind="team" label={t().align.team} chosen={team()} onChoose={setTeam} />
      <Show when={flatten(view.workspace, 'cycle').length > 1}>
        <TreeSelect workspace={view.workspace} kind="cycle" label={t().align.cycle} chosen={cycle()} onChoose={setCycle} />
      </Show>
      <Switch>
        <Match when={unread()}>
          {(why) => (
            <p class="picker-none" role="status">
              {t().align.unreadPlan[why()]}
            </p>
          )}
        </Match>
        <Match when={store()}>{(it) => <Choices {...props} store={it()} plan={`${team()}/${cycle()}`} />}</Match>
      </Switch>
    </div>
  );
}

function Choices(props: { id: EntityId; chosen: readonly string[]; onToggle: (reference: string) => void; store: LiveStore; plan: string }) {
  const view = usePlan();
  const isOwn = (id: EntityId): boolean => props.store === view.plan && (id === props.id || props.store.entity(id)?.parent === props.id);
  const ids = () =>
    props.store
      .children(props.store.rootId(), 'objective')
      .flatMap((id) => [id, ...props.store.children(id, 'key_result')])
      .filter((id) => !isOwn(id));
  const isChosen = (id: EntityId): boolean => props.chosen.includes(`${props.plan}/${id}`);
  return (
    <Show when={ids().length > 0} fallback={<p class="picker-none">{props.store === view.plan ? t().align.nothingElse : t().align.nothing}</p>}>
      <ul class="picker-list">
        <For each={ids()}>
          {(id) => (
            <li>
              <button
                class="picker-option side-link"
                classList={{ 'align-key-result': props.store.entity(id)?.kind === 'key_result' }}
                aria-pressed={isChosen(id)}
                onClick={() => props.onToggle(`${props.plan}/${id}`)}
              >
                <span class="picker-words">{props.store.text(id, 'title') || t().untitled}</span>
                <Show when={isChosen(id)}>
                  <Icon name="check" size={14} />
                </Show>
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
