// Figures as far as they follow from what the page shows. The server works them out: while it is away, what has edits that wait for it, or is
// made of something that has, shows none rather than old ones beside new numbers.
import { createMemo } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { Figures } from '../../protocol/messages';
import type { LiveStore } from '../../store/live_store';

export interface ShownFigures {
  readonly of: (id: EntityId) => Figures | undefined;
  readonly wait: (id: EntityId) => boolean; // for the server
}

const parts = ['key_result', 'milestone'] as const;

export function createFigures(plan: LiveStore): ShownFigures {
  const away = createMemo(() => plan.status().connection.type !== 'live');
  const isEdited = (id: EntityId): boolean => plan.isPending(id) || parts.some((kind) => plan.children(id, kind).some(isEdited));
  const wait = (id: EntityId): boolean => away() && isEdited(id);
  return { wait, of: (id) => (wait(id) ? undefined : plan.figures(id)) };
}
