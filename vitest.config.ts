import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Two cores: more workers than that make network tests wait for each other.
    maxWorkers: 2,
    // Child processes: libp2p and TensorFlow do not share a process well with others' worker threads.
    pool: 'forks',
    // Of the commands that tests start: the first compiles for all.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
