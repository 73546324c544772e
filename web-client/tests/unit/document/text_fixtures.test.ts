// The pairs of protocol/fixtures/text, which the tests of the C++ client read too: both languages give what they say.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codePointCount } from '../../../src/document/code_points';
import type { TextEdit } from '../../../src/document/operation';
import { apply, compose, invert, transform, type Side } from '../../../src/document/text';
import { Relocation } from '../../../src/sync/relocation';
import { differenceByWords } from '../../../src/sync/text_difference';

interface Named {
  readonly name: string;
}
interface Transform extends Named {
  readonly edit: TextEdit;
  readonly other: TextEdit;
  readonly side: Side;
  readonly gives: TextEdit;
}
interface Compose extends Named {
  readonly first: TextEdit;
  readonly second: TextEdit;
  readonly gives: TextEdit;
}
interface Inverse extends Named {
  readonly text: string;
  readonly edit: TextEdit;
  readonly gives: TextEdit;
}
interface Difference extends Named {
  readonly before: string;
  readonly after: string;
  readonly gives: TextEdit;
}
interface Carry extends Named {
  readonly text: string;
  readonly expected: TextEdit;
  readonly actual: TextEdit;
  readonly edits: readonly TextEdit[];
  readonly gives: readonly TextEdit[];
  readonly shown: string;
  readonly ends_as: string;
}

function casesOf<Case extends Named>(file: string): [string, Case][] {
  const cases: Case[] = JSON.parse(readFileSync(new URL(`../../../../protocol/fixtures/text/${file}`, import.meta.url), 'utf8'));
  return cases.map((it) => [it.name, it]);
}

describe('text fixtures', () => {
  it.each(casesOf<Transform>('transform.json'))('[TX2] transform: %s', (_name, { edit, other, side, gives }) => {
    expect(transform(edit, other, side)).toEqual(gives);
  });
  it.each(casesOf<Compose>('compose.json'))('[TX6] compose: %s', (_name, { first, second, gives }) => {
    expect(compose(first, second)).toEqual(gives);
  });
  it.each(casesOf<Inverse>('inverse.json'))('[RB5] inverse: %s', (_name, { text, edit, gives }) => {
    expect(invert(text, edit)).toEqual(gives);
    expect(apply(apply(text, edit), gives)).toBe(text);
  });
  it.each(casesOf<Difference>('difference.json'))('[RB6] difference: %s', (_name, { before, after, gives }) => {
    expect(differenceByWords(before, after)).toEqual(gives);
    expect(apply(before, gives)).toBe(after);
  });
  it.each(casesOf<Carry>('carry.json'))('[RB7] carry: %s', (_name, { text, expected, actual, edits, gives, shown, ends_as: endsAs }) => {
    const moved = new Relocation(expected, actual, codePointCount(text));
    expect(edits.map((edit) => moved.carry(edit))).toEqual(gives);
    expect(edits.reduce(apply, apply(text, expected))).toBe(shown);
    expect(gives.reduce(apply, apply(text, actual))).toBe(endsAs);
  });
});
