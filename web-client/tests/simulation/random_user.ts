// The user of one client through all of its tabs: what is done next comes from a seed.
import { textOf } from '../../src/document/apply';
import type { Draft, Loss } from '../../src/sync/api';
import type { Refusal } from '../../src/protocol/messages';
import { replicaOf } from '../unit/support/inside';
import { Random } from '../unit/support/random';
import { markedText, randomOps } from '../unit/support/random_ops';
import type { Tab } from '../unit/support/tab';

export interface Deed {
  readonly what: string;
  readonly taken: boolean;
  readonly refusal?: string; // its code, where the client did not take it
  readonly marks?: readonly string[]; // typed just now
  readonly gone?: readonly string[]; // taken back, or thrown away, just now
}

const marksIn = (text: string): string[] => text.match(/⟨[^⟨⟩]*⟩/g) ?? [];
const marksShown = (tab: Tab): string[] => {
  const { shown } = replicaOf(tab.document);
  const { id, field } = markedText(shown);
  return marksIn(textOf(shown.get(id), field));
};
export const marksInDrafts = (drafts: readonly Draft[]): string[] => drafts.flatMap((draft) => marksIn(JSON.stringify(draft.ops)));

const deed = (what: string, refusal: Refusal | null, marks: readonly string[] = []): Deed =>
  refusal === null ? { what, taken: true, marks } : { what, taken: false, refusal: refusal.code };

export class RandomUser {
  private readonly client: string;
  private marks = 0;
  private losses: Loss[] = [];

  constructor(client: string) {
    this.client = client;
  }

  sitsDown(tab: Tab): void {
    this.losses = [];
    tab.document.subscribe((event) => {
      if (event.type === 'lost') this.losses.push(event.loss);
    });
  }

  // `lossless`: nothing that takes back, or throws away, what was typed.
  act(tab: Tab, seed: number, lossless: boolean): Deed {
    const random = new Random(seed);
    const chance = random.next();
    const { drafts } = tab.document;
    if (chance < 0.12 && !lossless) return takeBack(tab, 'undo');
    if (chance < 0.4 && !lossless && tab.document.canRedo) return takeBack(tab, 'redo');
    if (chance < 0.2) return point(tab, random);
    if (chance < 0.205) return rename(tab, random);
    if (chance < 0.25 && this.losses.length > 0) return this.restoreLoss(tab);
    if (chance < 0.3 && drafts.length > 0) return settle(tab, random.pick(drafts), lossless);
    return this.write(tab, random);
  }

  private write(tab: Tab, random: Random): Deed {
    const { ops, mark } = randomOps(random, tab.document, () => {
      this.marks += 1;
      return `⟨${this.client}:${this.marks}⟩`;
    });
    if (ops.length === 0) return { what: 'nothing', taken: false };
    return deed(ops.map(({ op }) => op).join(' '), tab.document.submit(ops), mark === null ? [] : [mark]);
  }

  private restoreLoss(tab: Tab): Deed {
    const loss = this.losses.shift();
    return loss === undefined ? { what: 'restore_loss', taken: false } : deed('restore_loss', tab.document.restoreLoss(loss));
  }
}

function takeBack(tab: Tab, what: 'undo' | 'redo'): Deed {
  const before = marksShown(tab);
  const taken = what === 'undo' ? tab.document.undo() : tab.document.redo();
  const after = new Set(marksShown(tab));
  return { what, taken, gone: before.filter((mark) => !after.has(mark)) };
}

function point(tab: Tab, random: Random): Deed {
  const { shown } = replicaOf(tab.document);
  const { id, field } = markedText(shown);
  const length = textOf(shown.get(id), field).length;
  tab.document.setPlace(random.chance(0.1) ? null : { entity: id, field, anchor: random.below(length + 1), head: random.below(length + 1) });
  return { what: 'point', taken: true };
}

// The connection says hello anew.
function rename(tab: Tab, random: Random): Deed {
  tab.connection.setName(random.pick(['Li Na', '李娜', 'Zoë', '👩‍🚀']));
  return { what: 'rename', taken: true };
}

// Whose words are there already (their tab died before it knew) are not typed once more.
function settle(tab: Tab, draft: Draft, lossless: boolean): Deed {
  const marks = marksInDrafts([draft]);
  const shown = new Set(marksShown(tab));
  if (!marks.some((mark) => shown.has(mark))) return deed('retry_draft', tab.document.retryDraft(draft.key));
  if (lossless) return { what: 'keep_draft', taken: false };
  tab.document.discardDraft(draft.key);
  return { what: 'discard_draft', taken: true, gone: marks };
}
