// The reading half of a document session: what is shown of the document just now.
import type { Entity } from '../document/entity';
import type { EntityId } from '../document/operation';
import type { Figures } from '../protocol/messages';
import type { KindName } from '../protocol/schema';
import type { FigureTable } from './figure_table';
import type { History } from './history';
import type { Replica } from './replica';

export abstract class ShownDocument {
  protected abstract readonly replica: Replica;
  protected abstract readonly history: History;
  protected abstract readonly figureTable: FigureTable;

  get root(): Entity | null {
    return this.entity(this.replica.shown.schema.root) ?? null;
  }
  get canUndo(): boolean {
    return this.history.canUndo;
  }
  get canRedo(): boolean {
    return this.history.canRedo;
  }
  entity(id: EntityId): Entity | undefined {
    return this.replica.shown.get(id);
  }
  children(parent: EntityId, kind?: KindName): readonly Entity[] {
    return this.replica.shown.children(parent, kind);
  }
  removed(): readonly Entity[] {
    return this.replica.shown.removed();
  }
  figures(id: EntityId): Figures | undefined {
    return this.figureTable.get(id);
  }
  isPending(id: EntityId): boolean {
    return this.replica.pending.has(id);
  }
}
