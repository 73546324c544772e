import { describe, expect, test } from 'vitest';
import { createFormats } from '../../../src/i18n/formats';

describe.each(['en', 'zh'])('a number at rest, in %s', (tag) => {
  test.each([
    [99.99999999, '99.99999999'],
    [0.1 + 0.2, '0.3'],
    [1_234_567.25, '1,234,567.25'],
    [4.2e-7, '0.00000042'],
  ])('%s is not rounded to another one', (value, words) => {
    expect(createFormats(tag).number(value)).toBe(words);
  });
});
