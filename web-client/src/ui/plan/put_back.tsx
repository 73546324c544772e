// The server was put back to a backup: what everybody had seen as saved and it has no more is offered here, to be put back or copied. As
// soon as one person has put something back, nobody else is asked about it.
import { For } from 'solid-js';
import { fieldNames } from '../../document/entity';
import { schemas } from '../../protocol/schema';
import type { VanishedEntity } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { refusalWords, t } from '../../i18n';
import { showToast } from '../kit/toast';
import { copyText } from '../state/copy_text';
import { focusAfter, rowOf } from '../state/focus_place';
import { kindWord } from './actions';
import { fieldWord } from './draft_words';

export function PutBack(props: { store: LiveStore }) {
  const vanished = () => props.store.vanished();
  const putBack = (list: readonly VanishedEntity[]): void => {
    const refusal = props.store.document.vanished.putBack(list.map((it) => it.entity.id));
    if (refusal !== null) showToast({ text: refusalWords(refusal.code), tone: 'warn' });
    focusAfter(() => (list.length === 1 ? rowOf(props.store, list[0]?.entity.id ?? null) : null));
  };
  const letGo = (): void => {
    props.store.document.vanished.dismiss();
    focusAfter();
  };
  return (
    <section class="drafts put-back" aria-label={t().putBack.title}>
      <h2 class="section-title">{t().putBack.title}</h2>
      <p>{t().putBack.intro}</p>
      <ul>
        <For each={vanished()}>{(it) => <VanishedCard vanished={it} onPutBack={() => putBack([it])} />}</For>
      </ul>
      <div class="form-foot">
        <button class="button button-primary" onClick={() => putBack(vanished())}>
          {t().putBack.all}
        </button>
        <button class="text-button" onClick={letGo}>
          {t().putBack.letGo}
        </button>
      </div>
    </section>
  );
}

function VanishedCard(props: { vanished: VanishedEntity; onPutBack: () => void }) {
  const entity = () => props.vanished.entity;
  const name = () => String(entity().fields.title ?? entity().fields.name ?? '');
  const heading = () => [kindWord(entity().kind), name() === '' ? '' : t().quote(name())].filter((it) => it !== '').join(' ');
  const copy = async (): Promise<void> => {
    showToast((await copyText(wordsOf(props.vanished))) ? { text: t().copied, seconds: 2 } : { text: t().copyFailed, tone: 'warn' });
  };
  return (
    <li class="draft">
      <p>
        <strong>{heading()}</strong> <span class="quiet">{props.vanished.whole ? t().putBack.whole : t().putBack.part}</span>
      </p>
      <pre class="draft-words">{wordsOf(props.vanished)}</pre>
      <div class="form-foot">
        <button class="button" onClick={() => props.onPutBack()}>
          {t().putBack.one}
        </button>
        <button class="text-button" onClick={() => void copy()}>
          {t().copy}
        </button>
      </div>
    </li>
  );
}

// What can be read and copied: names that stand above already, choices and references are put back without being told.
function wordsOf({ entity, fields, whole }: VanishedEntity): string {
  const heading = whole ? ['title', 'name'] : [];
  const lines = (whole ? fieldNames(entity.fields) : fields).filter((field) => !heading.includes(field)).map((field) => {
    const value = entity.fields[field];
    const kind = schemas.plan.kinds.get(entity.kind) ?? schemas.workspace.kinds.get(entity.kind);
    const type = kind?.fields.get(field)?.type;
    const isReadable = type === 'text' || type === 'string' || type === 'number' || type === 'date';
    return isReadable ? `${fieldWord(field)}: ${String(value ?? '')}` : fieldWord(field);
  });
  return lines.length === 0 ? String(entity.fields.title ?? entity.fields.name ?? '') : lines.join('\n');
}
