import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import solid from 'vite-plugin-solid';

// What a plan page loads without being asked: what it is read and first written in with, and the editor, which follows. Each is a list of
// modules with everything that they import statically; of the languages, the one with more words counts.
const firstView = ['src/ui/main.tsx', 'src/ui/plan/plan_page.tsx', 'src/i18n/en.ts'];
const budgets = [
  { what: 'the plan page’s first view', modules: firstView, bytesMax: 150_000 },
  { what: 'the plan page with its editor', modules: [...firstView, 'src/ui/text/editor.ts'], bytesMax: 220_000 },
];

interface ScriptChunk {
  readonly name: string;
  readonly imports: readonly string[];
  readonly bytes: number; // gzip: the larger of the two encodings that are served
}

// Refuses a build whose plan page has become heavy: phones on a workshop's Wi-Fi are the measure.
function scriptBudget(): Plugin {
  return {
    name: 'okra-script-budget',
    apply: 'build',
    writeBundle(_options, bundle) {
      const chunks = new Map<string, ScriptChunk>();
      const homes = new Map<string, string>(); // the chunk that a module is in
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        chunks.set(output.fileName, { name: output.fileName, imports: output.imports, bytes: gzipSync(output.code, { level: 9 }).length });
        for (const module of Object.keys(output.modules)) homes.set(module, output.fileName);
      }
      const homeOf = (module: string): string => [...homes].find(([path]) => path.endsWith(`/${module}`))?.[1] ?? this.error(`No chunk has ${module}.`);
      for (const { what, modules, bytesMax } of budgets) {
        const loaded = closure(modules.map(homeOf), chunks);
        const total = loaded.reduce((sum, chunk) => sum + chunk.bytes, 0);
        for (const chunk of loaded) this.info(`${(chunk.bytes / 1000).toFixed(1).padStart(7)} kB  ${chunk.name}`);
        this.info(`${(total / 1000).toFixed(1).padStart(7)} kB  ${what} (gzip), at most ${bytesMax / 1000} kB`);
        if (total > bytesMax) this.error(`Script of ${what}: ${total} bytes; ${bytesMax} are allowed.`);
      }
    },
  };
}

function closure(roots: readonly string[], chunks: ReadonlyMap<string, ScriptChunk>): ScriptChunk[] {
  const seen = new Set<string>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    queue.push(...(chunks.get(name)?.imports ?? []));
  }
  return [...seen].flatMap((name) => chunks.get(name) ?? []).sort((a, b) => b.bytes - a.bytes);
}

// Tells `first_paint.js`, which knows the language before any other script runs, which file its words are in: they come beside the entry and not
// after it.
function preloadWords(): Plugin {
  return {
    name: 'okra-preload-words',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const fileOf = (language: string): string => {
          const found = Object.values(context.bundle ?? {}).find((it) => it.type === 'chunk' && it.facadeModuleId?.endsWith(`/src/i18n/${language}.ts`) === true);
          if (found === undefined) throw new Error(`The words of '${language}' have no file of their own.`);
          return `/${found.fileName}`;
        };
        return [{ tag: 'meta', attrs: { name: 'okra-words', content: `${fileOf('en')} ${fileOf('zh')}` }, injectTo: 'head-prepend' }];
      },
    },
  };
}

// Writes .br and .gz beside every file worth it: the server sends them as they are and never compresses on the fly.
function precompress(): Plugin {
  const compressible = /\.(js|css|html|svg|json|webmanifest)$/;
  const tooSmall = 512;
  let folder = 'dist';
  return {
    name: 'okra-precompress',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !compressible.test(entry.name)) continue;
        // The page itself gets a fresh nonce with every answer, so it cannot be compressed beforehand.
        if (entry.name === 'index.html') continue;
        const path = join(entry.parentPath, entry.name);
        const content = readFileSync(path);
        if (content.length < tooSmall) continue;
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
      }
    },
  };
}

// The service worker has a name that stays, and knows the files and the name of the build it belongs to.
const workerName = 'service_worker';
const workerFiles = ['/first_paint.js', '/manifest.webmanifest', '/okra.svg']; // beside scripts and styles

function pageKeeper(): Plugin {
  return {
    name: 'okra-page-keeper',
    apply: 'build',
    generateBundle(_options, bundle) {
      const outputs = Object.values(bundle);
      const entry = outputs.find((it) => it.type === 'chunk' && it.isEntry && it.name !== workerName)?.fileName;
      const worker = outputs.find((it) => it.type === 'chunk' && it.name === workerName);
      if (entry === undefined || worker?.type !== 'chunk') return this.error('The build has no page or no service worker.');
      const own = outputs.map((it) => it.fileName).filter((it) => /\.(js|css)$/.test(it) && it !== worker.fileName);
      const files = [...own.map((it) => `/${it}`).sort(), ...workerFiles];
      const name = createHash('sha256').update(files.join()).digest('hex').slice(0, 12); // names of built files change with what is in them
      worker.code = worker.code.replace('__OKRA_BUILD__', JSON.stringify({ name, entry, files }));
    },
  };
}

const server = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [solid(), preloadWords(), scriptBudget(), pageKeeper(), precompress()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    assetsInlineLimit: 0, // the Content-Security-Policy allows no data: URLs
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: { index: 'index.html', [workerName]: `src/service_worker/${workerName}.ts` },
      output: {
        entryFileNames: (chunk) => (chunk.name === workerName ? '[name].js' : 'assets/[name]-[hash].js'),
        // What most parts of the interface share is one file: forty small ones are 8 % larger, and as many requests.
        codeSplitting: { groups: [{ name: 'shared', test: /\/src\/ui\/.*\.tsx?$/, minShareCount: 4 }] },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: server, ws: true } },
  },
});
