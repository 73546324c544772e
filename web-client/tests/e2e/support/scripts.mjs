// Lets scripts outside of the tests (pictures, benchmarks) use the same server and people: loads this folder's TypeScript.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const load = async (name) => (await runnerImport(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), { root, configFile: false, logLevel: 'error' })).module;

export const [{ launchBrowser, Person }, { PlanPage }, { seedPlan }, { OkraServer, projectRoot }] = await Promise.all(['browser', 'plan_page', 'seed', 'server'].map(load));
