// What a document says about itself: its status, and why it does not take an edit.
import type { Refusal } from '../protocol/messages';
import type { SyncStatus } from './api';

export const noView: Refusal = { code: 'forbidden', rule: 'CH8', message: 'opened to view only' };
export const notLoaded: Refusal = { code: 'not_open', rule: 'CH8', message: 'the document is not loaded yet' };
export const closed: Refusal = { code: 'not_open', rule: 'OD9', message: 'the document is closed' };
export const replaced: Refusal = { code: 'not_open', rule: 'HS5', message: 'another tab goes on as this client' };
// Why something is a draft that the server has not refused: the storage that told its place, or whether it was sent, has lost it.
export const outOfPlace: Refusal = { code: 'out_of_place', rule: '', message: 'what it was written on is lost' };

export function sameStatus(a: SyncStatus, b: SyncStatus): boolean {
  return (
    a.connection === b.connection && a.synced === b.synced && a.loaded === b.loaded && a.epoch === b.epoch && a.revision === b.revision && a.pendingOps === b.pendingOps && a.storage === b.storage && a.problem === b.problem && a.differs === b.differs
  );
}
