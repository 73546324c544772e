// Ids of entities and clients: enough randomness that they never meet (OP1, HS3).
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function randomId(length: number, random: () => number): string {
  let id = '';
  while (id.length < length) id += alphabet.charAt(Math.floor(random() * alphabet.length));
  return id;
}
