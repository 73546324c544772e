// Whose a client id is (HS8). Everybody in a room sees the ids of all, so the id is only the fingerprint of a secret that its client
// alone knows. The web's own SHA-256 exists in secure contexts only; a page may come over plain http in a local network.
import { sha256 } from '@noble/hashes/sha2.js';
import type { ClientId } from '../document/operation';

// What a client goes by on its own device: its secret. Clients from before there were secrets have none, and go by their id.
export type ClientKey = string;

export const secretLength = 43; // 256 random bits, in characters of 6
const idLengthMax = 32; // a secret is longer than any id
const mark = 's-';
const fingerprintLength = 22;

export const isSecret = (key: ClientKey): boolean => key.length > idLengthMax;

export function clientOf(key: ClientKey): ClientId {
  if (!isSecret(key)) return key;
  const digest = sha256(new TextEncoder().encode(key));
  const base64 = btoa(String.fromCharCode(...digest));
  return mark + base64.replaceAll('+', '-').replaceAll('/', '_').slice(0, fingerprintLength);
}
