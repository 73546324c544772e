// A small surface beside its trigger, on Kobalte's popover: focus goes in, Escape and a click outside bring it back.
import { Popover as Primitive } from '@kobalte/core/popover';
import type { JSX, ParentProps } from 'solid-js';

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
  return (
    <Primitive
      {...(props.open === undefined ? {} : { open: props.open })}
      {...(props.onOpenChange === undefined ? {} : { onOpenChange: props.onOpenChange })}
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
        <Primitive.Content class="popover" aria-label={props.title ?? props.label}>
          {props.children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive>
  );
}
