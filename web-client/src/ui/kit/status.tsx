// A status as shape, colour and word: square, circle, diamond, hollow.
import type { Status } from '../../protocol/messages';
import { t } from '../../i18n';

export function StatusMark(props: { status: Status }) {
  return <span class="status-mark" data-status={props.status} aria-hidden="true" />;
}

export function StatusWord(props: { status: Status; count?: number; word?: string }) {
  const word = () => props.word ?? t().status[props.status];
  return (
    <span class="status-word" data-status={props.status}>
      <StatusMark status={props.status} />
      <span>{props.count === undefined ? word() : t().statusCount(props.count, word())}</span>
    </span>
  );
}
