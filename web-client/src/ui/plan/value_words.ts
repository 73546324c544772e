// Fields and their values in the words of the interface.
import type { FieldValue } from '../../document/entity';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import type { FieldName, KindName } from '../../protocol/schema';
import { formats, t } from '../../i18n';
import { dayNumber } from '../state/dates';
import { personName } from '../state/people';

type Words = Readonly<Record<string, string>>;

// Of names that differ between the schema and the dictionary.
const otherNames = (): Words => ({
  value: t().checkIn.value,
  date: t().checkIn.date,
  aligned_to: t().align.label,
  status_override: t().field.statusOverride,
  status_reason: t().field.statusReason,
  state_reason: t().field.stateReason,
  end: t().workspace.end,
  role: t().member.role,
  reason: t().plan.notDoingReason,
  person: t().workspace.addPerson,
});

// null: a field that has no place on the pages.
export function knownFieldWord(field: FieldName): string | null {
  const words: Readonly<Record<string, unknown>> = { ...t().settings, ...t().field, ...otherNames() };
  const word = words[field];
  return typeof word === 'string' ? word : null;
}

// The words of an enumeration; those of a state depend on whose it is.
function valueNames(kind: KindName | undefined, field: FieldName): Words {
  if (field === 'state') return kind === 'initiative' ? t().initiativeState : kind === 'cycle' ? t().cycleState : t().state;
  const words: Readonly<Record<string, Words>> = { commitment: t().commitment, class: t().class, metric: t().metric, status_override: t().status, role: t().member.roles };
  return words[field] ?? {};
}

const measured = new Set<FieldName>(['start', 'target', 'current', 'low', 'high', 'commit', 'stretch']);
const people = new Set<FieldName>(['owner', 'person', 'contributors', 'author']);

export interface ValueOf {
  readonly store: LiveStore;
  readonly workspace: LiveStore;
  readonly id: EntityId; // whose unit the value has
  readonly kind: KindName | undefined;
}

export function valueWords({ store, workspace, id, kind }: ValueOf, field: FieldName, value: FieldValue | null): string {
  if (value === null) return t().notMeasured;
  if (typeof value === 'boolean') return value ? t().field.done : t().field.notDone;
  if (typeof value === 'number') return formats().measure(value, measured.has(field) ? store.text(id, 'unit') || (store.text(id, 'metric') === 'percent' ? '%' : null) : null);
  if (typeof value !== 'string') return value.map((it) => valueWords({ store, workspace, id, kind }, field, it)).join(', ');
  if (people.has(field)) return personName(workspace, value);
  if (dayNumber(value) !== null) return formats().day(value);
  return valueNames(kind, field)[value] ?? value;
}
