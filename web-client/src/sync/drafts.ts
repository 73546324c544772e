// Changes that were refused for good, or whose place is lost, kept for their user (RB3).
import type { EffectiveOperation } from '../document/operation';
import { asNew } from '../protocol/encode';
import type { Refusal } from '../protocol/messages';
import type { Draft } from './api';

const draftsMax = 100;

export class Drafts {
  list: readonly Draft[] = [];
  private readonly client: string;
  private readonly document: string;

  constructor(client: string, document: string) {
    this.client = client;
    this.document = document;
  }

  add(name: string | number, at: number, refusal: Refusal, ops: readonly EffectiveOperation[]): Draft {
    const draft: Draft = { key: `${this.client}-${name}-${at}`, document: this.document, at, refusal, ops: ops.map(asNew) };
    this.list = [...this.list, draft].slice(-draftsMax);
    return draft;
  }
  find(key: string): Draft | undefined {
    return this.list.find((it) => it.key === key);
  }
  remove(key: string): void {
    this.list = this.list.filter((it) => it.key !== key);
  }
}
