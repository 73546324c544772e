// Asked once: what the others see beside this person's caret.
import { createSignal } from 'solid-js';
import { limits } from '../../protocol/schema';
import { t } from '../../i18n';
import { Logo } from '../kit/logo';
import { Sheet } from '../kit/sheet';
import { hasName, ownName, setOwnName } from '../state/identity';
import { LanguageSwitch } from './top_bar';

export function NameDialog(props: { onClose: () => void }) {
  const [typed, setTyped] = createSignal<string | null>(null);
  const first = !hasName();
  // Whoever only wants to look keeps the friendly name.
  const finish = (): void => {
    setOwnName((typed() ?? ownName()).trim() || ownName());
    props.onClose();
  };
  return (
    <Sheet open onClose={finish} title={t().name.title} bare>
      <form
        class="name-form"
        onSubmit={(event) => {
          event.preventDefault();
          finish();
        }}
      >
        <div class="name-head">
          <Logo size={36} />
          {first && <LanguageSwitch />}
        </div>
        <h2>{t().name.title}</h2>
        <p class="quiet">{t().name.why}</p>
        <input
          class="input"
          autofocus
          autocomplete="nickname"
          maxlength={limits.name_length}
          aria-label={t().name.label}
          value={typed() ?? ownName()}
          onFocus={(event) => event.currentTarget.select()}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button class="button button-primary" type="submit">
          {first ? t().name.go : t().done}
        </button>
      </form>
    </Sheet>
  );
}
