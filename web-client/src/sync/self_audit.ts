// This client's part in the audit (SPEC §11): compares the server's hash with that of the confirmed state, says when that must be
// fetched anew, and what was found.
import { sameValue } from '../document/apply';
import { fieldNames, type Entity } from '../document/entity';
import type { EntityId } from '../document/operation';
import { StateHash } from '../document/state_hash';
import type { Audit, Diverged } from '../protocol/messages';
import { schemaVersion } from '../protocol/schema';

type Entities = ReadonlyMap<EntityId, Entity>;

const reloadsHelpless = 3;
const waitsMax = 64;
const agreementsToForget = 64;
const differsMax = 16;

export class SelfAudit {
  private readonly hash = new StateHash();
  private report: Omit<Diverged, 'differs'> | null = null;
  private since = 0;
  private stored = false;
  private reloads = 0;
  private waits = 0; // audits to let pass
  private agreed = 0; // in a row

  // The state that is audited is the stored one of this revision, with what has come since.
  beganFromStorage(revision: number): void {
    this.since = revision;
    this.stored = true;
  }

  // An audit of the revision that `confirmed` is at. True: the states differ, and it is time to open the document anew (AU3); a
  // replica that differs again and again lets audits pass before it does (AU5).
  findsDifference(told: Audit, confirmed: Entities): boolean {
    if (this.report !== null || told.schema !== schemaVersion) return false;
    const hash = this.hash.of(confirmed.values());
    if (hash === told.hash) {
      this.agreed += 1;
      if (this.agreed >= agreementsToForget) this.reloads = 0;
      return false;
    }
    this.agreed = 0;
    if (this.waits > 0) {
      this.waits -= 1;
      return false;
    }
    this.reloads += 1;
    this.waits = Math.min(2 ** this.reloads - 2, waitsMax); // none before the second, then 2, 6, 14, …
    const { document, revision } = told;
    this.report = { type: 'diverged', document, revision, hash, since: this.since, ...(this.stored ? { stored: true } : {}) };
    return true;
  }

  // The document has to be opened without resuming: what is here cannot be trusted.
  get wantsSnapshot(): boolean {
    return this.report !== null;
  }

  // Opening anew has not helped so far.
  get isHelpless(): boolean {
    return this.reloads >= reloadsHelpless;
  }

  // A snapshot of `revision` has taken the place of `before`. The report, if it was fetched for the sake of an audit (AU4).
  takeReport(before: Entities, snapshot: Entities, revision: number): Diverged | null {
    const { report } = this;
    this.report = null;
    this.since = revision;
    this.stored = false;
    return report === null ? null : { ...report, differs: differences(before, snapshot) };
  }
}

// As "entity" (missing, or another kind, place or state) or "entity/field".
export function differences(a: Entities, b: Entities): string[] {
  const out: string[] = [];
  for (const id of new Set([...a.keys(), ...b.keys()])) {
    const [one, other] = [a.get(id), b.get(id)];
    if (one === other) continue;
    if (one?.kind !== other?.kind || one?.parent !== other?.parent || one?.position !== other?.position || one?.removed !== other?.removed) out.push(id);
    if (one === undefined || other === undefined) continue;
    for (const name of new Set([...fieldNames(one.fields), ...fieldNames(other.fields)])) {
      if (!sameValue(one.fields[name], other.fields[name])) out.push(`${id}/${name}`);
    }
  }
  return out.slice(0, differsMax);
}
