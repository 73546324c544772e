// Makes workspaces through the protocol, as ordinary changes: what a first visitor creates is what everybody else could have written.
import { startClient } from '../../store/start_client';
import type { Operation } from '../../document/operation';
import type { LiveDocument } from '../../sync/api';
import { language, type Language } from '../../i18n';
import { ownName } from '../state/identity';
import { yearWithQuarters } from '../state/year';
import { readSample, type SampleDocument } from './sample';

export type SampleName = 'en' | 'zh';

export interface WorkspaceEntry {
  readonly id: string;
  readonly name: string;
}

const patienceMs = 15_000;
const idLetters = 'abcdefghijkmnpqrstuvwxyz23456789';

function newWorkspaceId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => idLetters[byte % idLetters.length]).join('');
}

export async function listWorkspaces(): Promise<readonly WorkspaceEntry[]> {
  const answer = await fetch('/api/workspaces', { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`GET /api/workspaces: ${answer.status}`);
  const list: unknown = await answer.json();
  if (!Array.isArray(list)) throw new Error('GET /api/workspaces: not a list');
  return list.flatMap((it: unknown) => {
    if (typeof it !== 'object' || it === null || !('id' in it) || typeof it.id !== 'string') return [];
    return [{ id: it.id, name: 'name' in it && typeof it.name === 'string' ? it.name : '' }];
  });
}

// The address of the new workspace, or nothing when the server did not answer in time.
export async function createWorkspace(name: string, spoken: Language): Promise<string | null> {
  const id = newWorkspaceId();
  const ops: Operation[] = [
    { op: 'edit', id: 'workspace', field: 'name', edit: [name] },
    { op: 'set', id: 'workspace', field: 'language', value: spoken },
    ...yearWithQuarters(new Date(), 'workspace'),
    { op: 'create', id: 'company', kind: 'team', parent: 'workspace', fields: { name } },
  ];
  return (await write(id, [{ document: 'workspace', ops }])) ? `/w/${id}` : null;
}

export async function createSample(name: SampleName): Promise<string | null> {
  const sample = await fetch(`/samples/${name}.json`)
    .then((answer): Promise<unknown> => answer.json())
    .then((json) => readSample(json, new Date()))
    .catch((error: unknown) => console.error(error));
  if (sample === undefined) return null;
  const id = `${name}-${newWorkspaceId()}`;
  return (await write(id, sample.documents)) ? `/w/${id}/${sample.first}` : null;
}

async function write(workspace: string, documents: readonly SampleDocument[]): Promise<boolean> {
  const client = await startClient({ workspace, name: ownName(), language: language() });
  try {
    const saved = documents.map(async ({ document, ops }) => {
      const live = client.connection.open(`${workspace}/${document}`);
      await until(live, () => live.status.loaded);
      if (live.submit(ops) !== null) throw new Error(`The sample for ${document} is not valid.`);
      await until(live, () => live.status.pendingOps === 0);
    });
    await Promise.all(saved);
    return true;
  } catch (error) {
    console.error(error);
    return false;
  } finally {
    client.stop();
  }
}

function until(live: LiveDocument, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error(`${live.name}: no answer`))), patienceMs);
    const unsubscribe = live.subscribe(() => holds() && finish(resolve));
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      unsubscribe();
      end();
    };
    if (holds()) finish(resolve);
  });
}
