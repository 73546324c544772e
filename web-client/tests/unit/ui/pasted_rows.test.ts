import { describe, expect, test } from 'vitest';
import { measuredRows, tableOf, wordsOnly, type PastedRow } from '../../../src/ui/rows/pasted_rows';

const read = (text: string): readonly PastedRow[] => measuredRows(tableOf(text), '.');

describe('text from the clipboard as rows', () => {
  test.each<[string, PastedRow[]]>([
    ['Riders stay\nRepairs are quick\r\nShops recommend us', [{ title: 'Riders stay', fields: {} }, { title: 'Repairs are quick', fields: {} }, { title: 'Shops recommend us', fields: {} }]],
    ['Riders\t100\t140\triders', [{ title: 'Riders', fields: { start: 100, target: 140, unit: 'riders' } }]],
    ['Riders\t140\nShops\t1,200\n', [{ title: 'Riders', fields: { target: 140 } }, { title: 'Shops', fields: { target: 1200 } }]],
    ['Riders\t\t140\tkm', [{ title: 'Riders', fields: { target: 140, unit: 'km' } }]],
    ['Return rate\t12 %\t8', [{ title: 'Return rate', fields: { start: 12, target: 8, metric: 'percent' } }]],
    ['Return rate\t12\t8\t%', [{ title: 'Return rate', fields: { start: 12, target: 8, metric: 'percent' } }]],
    ['Turnover\t€1.2M\t€2M', [{ title: 'Turnover', fields: { start: 1_200_000, target: 2_000_000, metric: 'currency', unit: '€' } }]],
    ['Repair\t45 min\t30\tmin', [{ title: 'Repair', fields: { start: 45, target: 30, unit: 'min' } }]],
    ['客户\t1.2万\t2万\t位', [{ title: '客户', fields: { start: 12_000, target: 20_000, unit: '位' } }]],
    ['Riders\tunknown\tabout 40\triders', [{ title: 'Riders unknown about 40', fields: { unit: 'riders' } }]],
    ['Riders\t1\t2\ta unit that is far too long for one\tAda', [{ title: 'Riders a unit that is far too long for one Ada', fields: { start: 1, target: 2 } }]],
    ['Due\t2026-01-31\t5', [{ title: 'Due 2026-01-31', fields: { target: 5 } }]],
    ['\t1\t2\nWords', [{ title: '', fields: { start: 1, target: 2 } }, { title: 'Words', fields: {} }]],
    ['"Two\nlines and ""quotes"""\t\t3\nNext\t1\t2', [{ title: 'Two lines and "quotes"', fields: { target: 3 } }, { title: 'Next', fields: { start: 1, target: 2 } }]],
    ['"Said" she\nnext', [{ title: '"Said" she', fields: {} }, { title: 'next', fields: {} }]],
    ['• One\n• Two', [{ title: 'One', fields: {} }, { title: 'Two', fields: {} }]],
    ['1. One\n2. Two', [{ title: 'One', fields: {} }, { title: 'Two', fields: {} }]],
    ['1、一\n2、二', [{ title: '一', fields: {} }, { title: '二', fields: {} }]],
    ['1. One\n2 more', [{ title: '1. One', fields: {} }, { title: '2 more', fields: {} }]],
    ['- 5 degrees\nWords', [{ title: '- 5 degrees', fields: {} }, { title: 'Words', fields: {} }]],
    ['\n \n\t\nOnly this\n\n', [{ title: 'Only this', fields: {} }]],
    ['', []],
  ])('%j', (text, rows) => {
    expect(read(text)).toEqual(rows);
  });

  test('where nothing is measured, all cells are words', () => {
    expect(wordsOnly(tableOf('Grow\t1\t2\nStay'))).toEqual([{ title: 'Grow 1 2', fields: {} }, { title: 'Stay', fields: {} }]);
  });

  test('a decimal comma is read as the page writes numbers', () => {
    expect(measuredRows(tableOf('Rate\t1,500\t2,5'), ',')).toEqual([{ title: 'Rate', fields: { start: 1.5, target: 2.5 } }]);
  });

  test('many quotes that never end cost no more than their length', () => {
    expect(tableOf('"a\n'.repeat(20_000))).toHaveLength(20_000);
  });
});
