// Who is who, by name, and in which colour.
import { describe, expect, it } from 'vitest';
import { colourCount, guestOf, homeColours, preferredColour, roomColours, type Listed } from '../../../src/ui/state/person_colours';
import { nameIndex, nameKey } from '../../../src/ui/state/names';

describe('a name', () => {
  it.each([
    ['Inês Duarte', 'ines duarte'],
    ['Inês Duarte', 'Ine\u0302s Duarte'],
    ['Mary Ann', ' mary  ann '],
    ['Ｌｉ Ｎａ', 'li na'],
    ['李 娜', '李娜'],
    ['İpek', 'ipek'],
    ['Zoë\u200b', 'ZOE'],
  ])('%s is the same as %s', (a, b) => expect(nameKey(a)).toBe(nameKey(b)));
  it.each([
    ['Tom', 'Tim'],
    ['कि', 'क'], // a vowel is no accent
    ['が', 'か'],
    ['李娜', '李那'],
  ])('%s is not %s', (a, b) => expect(nameKey(a)).not.toBe(nameKey(b)));

  const people = [
    { id: 'a', name: 'José' },
    { id: 'b', name: 'Jose' },
    { id: 'c', name: 'Inês Duarte' },
    { id: 'd', name: 'Anna' },
    { id: 'e', name: 'Anna' },
    { id: 'f', name: '' },
  ];
  it.each([
    ['Jose', ['b']],
    ['José', ['a']],
    ['JOSE', ['a', 'b']],
    [' ines  duarte', ['c']],
    ['Anna', ['d', 'e']],
    ['Anne', []],
    ['', []],
    [' ', []],
  ])('“%s” is %j: who is written so comes before who sounds so', (typed, ids) => expect(nameIndex(people)(typed)).toEqual(ids));
});

const crowd = (count: number, from = 0): Listed[] => Array.from({ length: count }, (_, index) => ({ id: `person-${from + index}`, living: true }));
const colours = (people: readonly Listed[], all = people): number[] => people.map((it) => homeColours(all).get(it.id) ?? -1);
const distinct = (list: readonly number[]): boolean => new Set(list).size === list.length;

describe('people of a workspace', () => {
  it('have a colour of their own while there are enough', () => expect(distinct(colours(crowd(colourCount)))).toBe(true));

  it('keep it when others are added at the end', () => {
    const before = crowd(9);
    expect(colours(before, crowd(40))).toEqual(colours(before));
  });

  it('keep it when somebody is removed, or comes back', () => {
    const all = crowd(colourCount);
    for (const { id } of all) {
      const fewer = all.map((it) => ({ ...it, living: it.id !== id }));
      expect(homeColours(fewer)).toEqual(homeColours(all));
    }
  });

  it('have one of their own too when many were removed before them', () => {
    const gone = crowd(30).map((it) => ({ ...it, living: false }));
    const living = crowd(colourCount, 30);
    expect(distinct(colours(living, [...gone, ...living]))).toBe(true);
  });

  it('share colours evenly when there are more', () => {
    const uses = new Map<number, number>();
    for (const colour of colours(crowd(4 * colourCount))) uses.set(colour, (uses.get(colour) ?? 0) + 1);
    expect([...uses.values()]).toEqual(Array.from({ length: colourCount }, () => 4));
  });

  it('have the colour of their id where nobody before them has it', () => {
    expect(homeColours([{ id: 'person-c933d835e8642626', living: true }]).get('person-c933d835e8642626')).toBe(preferredColour('person-c933d835e8642626'));
  });
});

describe('people of a room', () => {
  const hereOf = (ids: readonly string[]) => ids.map((id) => ({ key: id, id, listed: true }));
  const guests = (...names: readonly string[]) => names.map((name) => guestOf({ name, client: `client of ${name}` }));

  it('from the list have the colour that they have there', () => {
    const people = crowd(8);
    const homes = homeColours(people);
    const room = roomColours(people, homes, hereOf(['person-3', 'person-5']));
    expect([...room]).toEqual([
      ['person-3', homes.get('person-3')],
      ['person-5', homes.get('person-5')],
    ]);
  });

  it('who would have the same get another: of a long list, who stands further down', () => {
    const people = crowd(60);
    const homes = homeColours(people);
    const alike = people.filter((it) => homes.get(it.id) === 4).map((it) => it.id);
    expect(alike.length).toBe(5);
    const room = roomColours(people, homes, hereOf(alike));
    expect(room.get(alike[0] ?? '')).toBe(4);
    expect(distinct([...room.values()])).toBe(true);
  });

  it('are told apart, guests and people of the list, up to as many as there are colours, in whatever order one hears of them', () => {
    const people = crowd(20);
    const homes = homeColours(people);
    const here = [...hereOf(people.slice(10, 16).map((it) => it.id)), ...guests('Ada', 'Bo', 'Cy', '李娜', 'Curious Wren', '')];
    const room = roomColours(people, homes, here);
    expect(room.size).toBe(colourCount);
    expect(distinct([...room.values()])).toBe(true);
    const other = roomColours(people, homes, [...here].reverse());
    for (const { key } of here) expect(other.get(key)).toBe(room.get(key));
  });

  it('who are guests leave the colours of the list alone while there are others', () => {
    const people = crowd(8);
    const homes = homeColours(people);
    const room = roomColours(people, homes, guests('Ada', 'Bo', 'Cy', 'Dee'));
    const taken = new Set(homes.values());
    for (const colour of room.values()) expect(taken.has(colour)).toBe(false);
  });

  it('who are guests keep their colour when they are added to the list', () => {
    const [ada] = guests('Ada Byron');
    const people = crowd(5);
    const before = roomColours(people, homeColours(people), [ada ?? expect.fail()]).get(ada?.key ?? '');
    const added = [...people, { id: ada?.id ?? '', living: true }];
    expect(homeColours(added).get(ada?.id ?? '')).toBe(before);
  });

  it('are one by their name, whatever they write with, and two without one', () => {
    expect(guestOf({ name: 'Zoë', client: 'one' }).key).toBe(guestOf({ name: 'zoe ', client: 'two' }).key);
    const one = guestOf({ name: 'Zoë', client: 'one' });
    const two = guestOf({ name: 'zoe ', client: 'two' });
    expect(roomColours([], homeColours([]), [one, two])).toEqual(roomColours([], homeColours([]), [two, one]));
    expect(guestOf({ name: ' ', client: 'one' }).key).not.toBe(guestOf({ name: '', client: 'two' }).key);
  });
});
