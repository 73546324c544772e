// Who uses this page: one of the workspace's people, or somebody new. Asked once, and whenever it is to be changed.
import { Show, createMemo, createSignal } from 'solid-js';
import { difference } from '../../document/text';
import { limits } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import { Sheet } from '../kit/sheet';
import { composingIn } from '../state/composition';
import { hasName, ownName, setOwnName, suggestedName } from '../state/identity';
import { become, me, setMe } from '../state/me';
import { nameKey } from '../state/names';
import { namesakes, personName } from '../state/people';
import { useSession } from '../state/session';
import { submit } from '../state/submit';
import { BonesOfPeople, PeopleChoice } from './people_choice';
import { LanguageSwitch } from './top_bar';
import './name_dialog.css';

export function NameDialog(props: { onClose: () => void }) {
  let field: HTMLInputElement | undefined;
  let list: HTMLDivElement | undefined;
  const { workspace } = useSession();
  const first = !hasName();
  const own = first ? null : me(workspace);
  const before = first || own !== null ? '' : ownName(); // in the field; a guest changes the words of the name
  const [typed, setTyped] = createSignal(before);
  const [asked, setAsked] = createSignal(false); // which one of several

  const people = () => workspace.children(workspace.rootId(), 'person').filter((id) => workspace.text(id, 'name').trim() !== '');
  const onTheWay = () => !workspace.status().loaded && workspace.status().connection.type !== 'waiting' && workspace.status().problem === null;
  // While an input method composes, its letters are no name yet.
  const wanted = createMemo((last: string) => (composingIn() !== null && composingIn() === field ? last : typed().trim()), before);
  const isMine = () => wanted() === before;
  const meant = createMemo((): readonly EntityId[] => (isMine() ? [] : namesakes(workspace, wanted())));

  const beKnown = (person: EntityId): void => {
    become(workspace, person);
    props.onClose();
  };
  const beNew = (name: string): void => {
    setOwnName(name);
    setMe(workspace, null);
    props.onClose();
  };
  const isTaken = (name: string): boolean => namesakes(workspace, name).length > 0 || workspace.people().some((it) => it.client !== workspace.document.client && nameKey(it.name) === nameKey(name));
  const start = (): void => {
    const name = typed().trim();
    const [one, another] = namesakes(workspace, name);
    // Whoever only wants to look gets a friendly name.
    if (name === '' || name === before) return first ? beNew(suggestedName(isTaken)) : props.onClose();
    if (one === undefined) return beNew(name);
    if (another === undefined) return beKnown(one);
    setAsked(true);
    list?.querySelector<HTMLElement>(`[data-entity="${CSS.escape(one)}"]`)?.focus();
  };
  // On a first start there is no going back: what is in the field counts. Later nothing changes.
  const dismiss = (): void => {
    if (!first) props.onClose();
    else if (namesakes(workspace, typed()).length > 1) beNew(typed().trim());
    else start();
  };
  const rename = (person: EntityId): void => {
    const name = typed().trim();
    const edit = difference(workspace.text(person, 'name'), name);
    if (submit(workspace, { op: 'edit', id: person, field: 'name', edit })) beKnown(person);
  };

  const some = () => people().length > 0;
  const title = () => (!some() ? t().name.title : first ? t().name.ask : t().name.who);
  return (
    <Sheet open bare paper onClose={dismiss} title={title()} focus={() => field}>
      <form
        class="name-form"
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <p class="name-title" aria-hidden="true">
          {title()}
        </p>
        <p class="quiet name-why">{some() ? t().name.known : t().name.why}</p>
        <Show when={some()} fallback={<Show when={onTheWay()} children={<BonesOfPeople />} />}>
          <PeopleChoice ref={list} workspace={workspace} people={people()} own={own} wanted={isMine() ? '' : wanted()} meant={meant()} onChoose={beKnown} />
        </Show>
        <Show when={some() || onTheWay()}>
          <p class="name-or">
            <span>{first ? t().name.orNew : t().name.orOther}</span>
          </p>
        </Show>
        <div class="name-line">
          <input
            ref={field}
            class="input"
            autocomplete="nickname"
            enterkeyhint="go"
            maxlength={limits.name_length}
            aria-label={t().name.label}
            aria-describedby="name-note"
            placeholder={t().name.hint}
            value={before}
            onFocus={(event) => event.currentTarget.select()}
            onInput={(event) => {
              setAsked(false);
              setTyped(event.currentTarget.value);
            }}
          />
          <button class="button button-primary" type="submit">
            {first ? t().name.go : t().done}
          </button>
        </div>
        <div id="name-note" class="name-note" role="status">
          <Show when={meant().length === 1 && meant()[0]}>{(id) => <span>{t().name.isKnown(personName(workspace, id()))}</span>}</Show>
          <Show when={meant().length > 1}>
            <span classList={{ 'name-asked': asked() }}>{t().name.several}</span>
          </Show>
          <Show when={own !== null && meant().length === 0 && wanted() !== '' && own}>
            {(person) => (
              <button type="button" class="link-button" onClick={() => rename(person())}>
                {t().name.rename(personName(workspace, person()), wanted())}
              </button>
            )}
          </Show>
        </div>
      </form>
      <footer class="name-foot">
        <span>{t().name.noAccount}</span>
        <LanguageSwitch />
      </footer>
    </Sheet>
  );
}
