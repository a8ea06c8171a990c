/** For `vitest --config`: tests of any package, of the protocol with the mutant of this name in the environment. */
import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vitest/config'
import { mutatedSources } from './mutated-sources.ts'

const sources = mutatedSources()
const sourceOf = (id: string): string | undefined => sources.get(id.split('?')[0]!)

const mutant: Plugin = {
  name: 'mutant',
  enforce: 'pre',
  load: sourceOf,
  // Vitest keeps what it has transformed from run to run: a file is another with each mutant.
  configureVitest: (context) => context.defineCacheKeyGenerator(({ id }) => sourceOf(id)),
}

export default defineConfig({
  root: join(import.meta.dirname, '../../..'),
  plugins: [mutant],
  test: { include: ['packages/*/src/**/*.test.ts'], pool: 'forks', maxWorkers: 1, bail: 1, testTimeout: 60_000 },
})
