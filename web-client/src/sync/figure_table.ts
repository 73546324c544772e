// What the server has computed for each entity (CM4), as it was told last.
import type { EntityId } from '../document/operation';
import type { Figures, FiguresDelta } from '../protocol/messages';
import type { DocumentEvent } from './api';

export class FigureTable {
  private readonly byEntity = new Map<EntityId, Figures>();

  get(id: EntityId): Figures | undefined {
    return this.byEntity.get(id);
  }
  ids(): Iterable<EntityId> {
    return this.byEntity.keys();
  }
  put(id: EntityId, figures: Figures): void {
    this.byEntity.set(id, figures);
  }
  clear(): void {
    this.byEntity.clear();
  }

  take(delta: FiguresDelta): DocumentEvent[] {
    if (delta.size === 0) return [];
    for (const [id, figures] of delta) {
      if (figures === null) this.byEntity.delete(id);
      else this.byEntity.set(id, figures);
    }
    return [{ type: 'derived', ids: [...delta.keys()] }];
  }
}
