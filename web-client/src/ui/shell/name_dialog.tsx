// Asked once: what the others see beside this person's caret.
import { createSignal } from 'solid-js';
import { limits } from '../../protocol/schema';
import { t } from '../../i18n';
import { Sheet } from '../kit/sheet';
import { hasName, ownName, setOwnName } from '../state/identity';
import { LanguageSwitch } from './top_bar';

export function NameDialog(props: { onClose: () => void }) {
  let field: HTMLInputElement | undefined;
  const first = !hasName();
  const [typed, setTyped] = createSignal(first ? '' : ownName());
  // Whoever only wants to look keeps the friendly name.
  const finish = (): void => {
    setOwnName(typed().trim() || ownName());
    props.onClose();
  };
  return (
    <Sheet open bare onClose={finish} title={t().name.title} focus={() => field}>
      <form
        class="name-form"
        onSubmit={(event) => {
          event.preventDefault();
          finish();
        }}
      >
        <h2>{t().name.title}</h2>
        <p class="quiet">{t().name.why}</p>
        <div class="name-line">
          <input
            ref={field}
            class="input"
            autocomplete="nickname"
            enterkeyhint="go"
            maxlength={limits.name_length}
            aria-label={t().name.label}
            placeholder={t().name.hint}
            value={typed()}
            onFocus={(event) => event.currentTarget.select()}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          <button class="button button-primary" type="submit">
            {first ? t().name.go : t().done}
          </button>
        </div>
      </form>
      <footer class="name-foot">
        <span>{t().name.noAccount}</span>
        <LanguageSwitch />
      </footer>
    </Sheet>
  );
}
