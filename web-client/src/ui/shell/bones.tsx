// The bones of a plan page while its document is on the way.
import { For } from 'solid-js';
import { t } from '../../i18n';

export function Bones() {
  return (
    <div class="bones" role="status" aria-label={t().loading}>
      <span class="bone bone-title" />
      <span class="bone bone-line" />
      <For each={[3, 2]}>
        {(rows) => (
          <div class="bone-card">
            <span class="bone bone-head" />
            <For each={Array.from({ length: rows })}>
              {() => (
                <div class="bone-row">
                  <span class="bone" />
                  <span class="bone" />
                </div>
              )}
            </For>
          </div>
        )}
      </For>
    </div>
  );
}
