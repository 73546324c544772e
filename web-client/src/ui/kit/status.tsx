// A status as shape, colour and word: square, circle, diamond, hollow.
import type { Status } from '../../protocol/messages';
import { t } from '../../i18n';

export function StatusMark(props: { status: Status }) {
  return <span class="status-mark" data-status={props.status} aria-hidden="true" />;
}

export function StatusWord(props: { status: Status; count?: number }) {
  return (
    <span class="status-word" data-status={props.status}>
      <StatusMark status={props.status} />
      <span>{props.count === undefined ? t().status[props.status] : t().statusCount(props.count, t().status[props.status])}</span>
    </span>
  );
}
