// A small surface beside its trigger, on Kobalte's popover: focus goes in, Escape and a click outside bring it back.
import { Popover as Primitive } from '@kobalte/core/popover';
import { createSignal, type JSX, type ParentProps } from 'solid-js';
import { createLayer, keepFrom } from '../state/layers';

interface PopoverProps extends ParentProps {
  trigger: JSX.Element;
  triggerClass?: string;
  label: string; // of the trigger
  title?: string; // of the surface, for screen readers
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  onTriggerKeyDown?: (event: KeyboardEvent) => void;
  triggerProps?: Record<`data-${string}`, string | number>;
}

export function Popover(props: PopoverProps) {
  const [own, setOwn] = createSignal(false); // where nobody else decides
  const open = () => props.open ?? own();
  const ownsEscape = createLayer(open, null);
  return (
    <Primitive
      open={open()}
      onOpenChange={(next) => {
        setOwn(next);
        props.onOpenChange?.(next);
      }}
      placement="bottom-start"
      gutter={6}
      overflowPadding={12}
    >
      <Primitive.Trigger
        class={props.triggerClass ?? 'button'}
        aria-label={props.label}
        title={props.label}
        onKeyDown={(event: KeyboardEvent) => props.onTriggerKeyDown?.(event)}
        {...(props.triggerProps ?? {})}
      >
        {props.trigger}
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content class="popover" aria-label={props.title ?? props.label} onEscapeKeyDown={keepFrom(ownsEscape)}>
          {props.children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive>
  );
}
