// A calendar year with its four quarters, as ops. Their ids are told by the year: of two who add it at once, both add the same.
import type { CreateOp } from '../../document/operation';
import type { EntityId } from '../../sync/api';
import { isoDay } from './dates';

const quarters = 4;

export function yearWithQuarters(now: Date, parent: EntityId): readonly CreateOp[] {
  const year = now.getFullYear();
  const current = Math.floor(now.getMonth() / 3);
  const id = `y${year}`;
  const cycle = (own: EntityId, under: EntityId, name: string, start: Date, end: Date, state: string): CreateOp => ({
    op: 'create',
    id: own,
    kind: 'cycle',
    parent: under,
    fields: { name, start: isoDay(start), end: isoDay(end), state },
  });
  return [
    cycle(id, parent, `${year}`, new Date(year, 0, 1), new Date(year, 12, 0), 'active'),
    ...Array.from({ length: quarters }, (_, quarter) =>
      cycle(`${id}q${quarter + 1}`, id, `Q${quarter + 1} ${year}`, new Date(year, quarter * 3, 1), new Date(year, quarter * 3 + 3, 0), quarter < current ? 'closed' : quarter === current ? 'active' : 'draft'),
    ),
  ];
}
