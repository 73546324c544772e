import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/{unit,simulation}/**/*.test.ts'],
    environment: 'node',
    server: { deps: { inline: ['solid-js'] } },
  },
  // Node's conditions select Solid's server build, which has no reactivity; the browser's is what ships.
  resolve: { alias: [{ find: /^solid-js$/, replacement: new URL('node_modules/solid-js/dist/solid.js', import.meta.url).pathname }] },
});
