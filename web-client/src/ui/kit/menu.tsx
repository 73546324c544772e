// A list of things to do with something, on Kobalte's menu: arrow keys, typing ahead, Escape.
import { DropdownMenu } from '@kobalte/core/dropdown-menu';
import { For, Show, createSignal, type JSX } from 'solid-js';
import { createLayer, keepFrom } from '../state/layers';
import { Icon, type IconName } from './icons';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly hint?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly run: () => void;
}

export function Menu(props: { label: string; items: readonly MenuItem[]; trigger?: JSX.Element; triggerClass?: string }) {
  const [open, setOpen] = createSignal(false);
  const ownsEscape = createLayer(open, null);
  return (
    <DropdownMenu open={open()} onOpenChange={setOpen} placement="bottom-end" gutter={4} overflowPadding={12} modal={false}>
      <DropdownMenu.Trigger class={props.triggerClass ?? 'icon-button'} aria-label={props.label} title={props.label}>
        {props.trigger ?? <Icon name="dots" />}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="popover menu" onEscapeKeyDown={keepFrom(ownsEscape)}>
          <For each={props.items}>
            {(item) => (
              <DropdownMenu.Item class="menu-item" classList={{ 'menu-danger': item.danger ?? false }} disabled={item.disabled ?? false} onSelect={item.run}>
                <Show when={item.icon}>{(icon) => <Icon name={icon()} />}</Show>
                <span class="menu-label">{item.label}</span>
                <Show when={item.hint}>
                  <kbd>{item.hint}</kbd>
                </Show>
              </DropdownMenu.Item>
            )}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
