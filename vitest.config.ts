import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those that take longest begin first, so that both workers end together: a fresh clone knows no times. */
const longest = [
  'scripts/lab/pages/pictures',
  'scripts/lab/tarballs',
  'packages/cli/src/own-rule',
  'packages/cli/src/run.test',
  'packages/cli/src/start.test',
  'packages/cli/src/task-module',
  'packages/cli/src/service',
  'packages/cli/src/interrupt',
  'packages/cli/src/full-disk',
  'packages/cli/src/sweep',
  'packages/experiment/src/run-cell-averaging',
  'packages/cli/src/init.test',
  'packages/cli/src/recommend',
  'packages/cli/src/own-task',
  'packages/cli/src/own-module',
  'packages/cli/src/accountability',
  'packages/cli/src/replay',
  'packages/libp2p/src/driver',
  'packages/cli/src/export',
  'packages/cli/src/predict',
  'packages/experiment/src/run-jobs',
  'packages/training/src/pool',
  'packages/cli/src/python-trainers',
  'packages/cli/src/own-data',
  'packages/experiment/src/run-cell-adversaries',
  'scripts/lab/explore/explore-exhaustive',
  'packages/cli/src/averaging',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => longest.findIndex((name) => moduleId.includes(name))
    const sorted = await super.sort(files)
    const first = sorted.filter((file) => rank(file) >= 0).sort((a, b) => rank(a) - rank(b))
    return [...first, ...sorted.filter((file) => rank(file) < 0)]
  }
}

/**
 * Rooms of functions alone, and whole networks on the virtual one, whose test files share processes: what they load is loaded
 * once, and none of them changes a registry, or anything that others see.
 */
const shared = [
  'packages/{adversary,catalogue,data,ledger,peer,protocol,results,scenario,trust,virtual}/src/**/*.test.ts',
  'packages/experiment/src/{contraction,virtual}/*.test.ts',
]
/** Of these rooms, those that do: each has a process of its own. */
const registering = [
  'packages/adversary/src/forge-updates.test.ts',
  'packages/adversary/src/*/register-attack.test.ts',
  'packages/ledger/src/genesis.test.ts',
  'packages/ledger/src/verify-ledger.test.ts',
  'packages/results/src/own-measures.test.ts',
  'packages/scenario/src/extensions.test.ts',
  'packages/trust/src/trust.test.ts',
]
const all = ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts']

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'shared', include: shared, exclude: registering, isolate: false } },
      { extends: true, test: { name: 'apart', include: all, exclude: shared } },
      { extends: true, test: { name: 'registering', include: registering } },
    ],
    sequence: { sequencer: LongestFirst },
    // Two more than the two cores of CI: tests of networks and of commands wait for a third of their time.
    maxWorkers: 4,
    // Child processes: libp2p and TensorFlow do not share a process well with others' worker threads.
    pool: 'forks',
    // Of the commands that tests start: the first compiles for all.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
