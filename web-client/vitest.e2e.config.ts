import { defineConfig } from 'vitest/config';

// The real server and real browsers. Files run one after the other: each has a server and a browser of its own, and two cores are few.
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { interval: 25, timeout: 15_000 } },
    reporters: ['verbose'],
  },
});
