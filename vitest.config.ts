import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those that take longest begin first, so that both workers end together: a fresh clone knows no times. */
const longest = [
  'packages/cli/src/own-rule',
  'packages/cli/src/run.test',
  'scripts/lab/pages/pictures',
  'packages/cli/src/start.test',
  'scripts/lab/tarballs',
  'packages/cli/src/init.test',
  'packages/cli/src/full-disk',
  'packages/cli/src/service',
  'packages/cli/src/accountability',
  'packages/libp2p/src/driver',
  'packages/training/src/pool',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => longest.findIndex((name) => moduleId.includes(name))
    const sorted = await super.sort(files)
    const first = sorted.filter((file) => rank(file) >= 0).sort((a, b) => rank(a) - rank(b))
    return [...first, ...sorted.filter((file) => rank(file) < 0)]
  }
}

/** Rooms of functions alone, whose test files share processes: none of them changes a registry, or anything that others see. */
const shared = 'packages/{catalogue,data,ledger,peer,protocol,trust,virtual}/src/**/*.test.ts'
const all = ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts']

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'shared', include: [shared], isolate: false } },
      { extends: true, test: { name: 'apart', include: all, exclude: [shared] } },
    ],
    sequence: { sequencer: LongestFirst },
    // One more than the two cores of CI: tests of networks and of commands wait for a third of their time.
    maxWorkers: 3,
    // Child processes: libp2p and TensorFlow do not share a process well with others' worker threads.
    pool: 'forks',
    // Of the commands that tests start: the first compiles for all.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
