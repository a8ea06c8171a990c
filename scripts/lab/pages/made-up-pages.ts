// Pictures and pages of every scenario that ships, of made-up results: those of a run take long, and rarely come out badly.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contractionProtocols, type ProtocolName } from '@hearsay/experiment'
import { asksAboutContraction } from '@hearsay/experiment/contraction/asked'
import { drawContraction } from '@hearsay/experiment/contraction/plot'
import { renderContraction } from '@hearsay/experiment/contraction/report'
import { describeRun, type Manifest, summarise } from '@hearsay/results'
import { drawPlot, renderReport } from '@hearsay/results/pictures'
import { evaluationOf } from '@hearsay/results/testing/results-fixture'
import { type Cell, loadScenario, maliciousCount, type SeedMeasures, type Summary } from '@hearsay/scenario'

const root = join(import.meta.dirname, '../../..')

export interface MadeUp {
  readonly name: string
  readonly svg: string
  readonly html: string
}

/** What may become of a cell with a seed: all goes on, nothing does, it ends early, it forks. */
const fates = ['well', 'stopped', 'early', 'forked'] as const

function measuresOf({ parameters }: Cell, seed: number, fate: (typeof fates)[number], size: number): SeedMeasures {
  const { rounds, peers } = parameters
  const ended = { well: rounds, stopped: 0, early: Math.ceil(rounds / 2), forked: 1 }[fate]
  const middle = fate === 'stopped' ? 0.1 : 0.9 - 0.6 * (maliciousCount(parameters) / peers) - seed / 100
  const time = fate === 'stopped' ? null : 1.37 * size
  return {
    seed,
    rounds,
    evaluation: evaluationOf(
      [middle * 0.9, middle, Math.min(1, middle * 1.1)],
      parameters.task.dataset === 'digits' ? 0.5 : undefined,
    ),
    disagreement: { distance: fate === 'forked' ? 2.71 * size : 0, forks: fate === 'forked' ? 2 : 0 },
    liveness: { ended, rounds },
    evidence: { culprits: fate === 'forked' ? maliciousCount(parameters) : 0, falseAccusations: 0 },
    bytes: { sent: 4.1e6 * size, received: 4.3e6 * size },
    timeMs: { training: time, exchange: time, agreement: time, aggregation: time, total: time },
    diverged: 0,
    stalled: fate === 'stopped' || fate === 'early',
  }
}

const files = globSync('scenarios/*.yaml', { cwd: root })
  .sort()
  .map((file) => ({ file: join(root, file), text: readFileSync(join(root, file), 'utf8') }))

const commandLine = [
  'npx',
  'hearsay',
  'run',
  `scenarios/${'x'.repeat(120)}.yaml`,
  '--set',
  "task.partition={kind: 'iid'}",
]

/** Each scenario twice: as one would wish, and with every cell another way, far too large, with nothing that held. */
export async function scenarioPages(): Promise<MadeUp[]> {
  const pages: MadeUp[] = []
  for (const { file, text } of files.filter(({ text }) => !asksAboutContraction(text)))
    for (const awkward of [false, true]) pages.push(await scenarioPage(text, file, awkward))
  return pages
}

async function scenarioPage(text: string, file: string, awkward: boolean): Promise<MadeUp> {
  const { name, question, seeds, cells, plot, expectations } = loadScenario(text, { file })
  const measured = cells.map((cell) =>
    summarise(
      cell,
      seeds.map((seed, index) =>
        measuresOf(cell, seed, awkward ? fates[(cell.index + index) % fates.length]! : 'well', awkward ? 31_000 : 1),
      ),
    ),
  )
  const summary: Summary = {
    scenario: name,
    question: awkward ? `${question} ${'Und_was_wenn_nicht'.repeat(9)}?` : question,
    engine: 'native (tfjs-node 4.22.0, TensorFlow 2.21.0)',
    seeds: [...seeds],
    traceDigest: 'c0ffee'.repeat(10),
    cells: measured,
    ...(plot.length === 0 ? {} : { plot: [...plot] }),
    expectations: expectations.map(({ text }) => {
      const failures = cells.map(({ label }) => `${label}: accuracy.least is 0.1234, expected >= 0.35`)
      return { text, held: !awkward, failures: awkward ? failures : [] }
    }),
  }
  const { svg, figure } = await drawPlot(summary)
  const html = await renderReport(summary, figure, manifestOf(summary))
  return { name: `${name}${awkward ? ', awkward' : ''}`, svg, html }
}

const manifest = describeRun({ scenario: '', engine: 'native', seeds: [], commandLine, resolved: '' }, new Date(0))

function manifestOf({ scenario, seeds }: Pick<Summary, 'scenario' | 'seeds'>): Manifest {
  return { ...manifest, scenario, seeds: [...seeds] }
}

export async function contractionPage(): Promise<MadeUp> {
  const cells = (Object.keys(contractionProtocols) as ProtocolName[]).flatMap((protocol) =>
    [1, 2, 3].flatMap((f) =>
      [0, 1, 2].map((above) => {
        const { bound, ratio } = contractionProtocols[protocol]
        const n = bound * f + above
        const formula = Number.isFinite(ratio(n, f)) ? ratio(n, f) : null
        const found = above === 0 ? 2.6 : (formula ?? 0)
        return {
          protocol,
          n,
          f,
          found,
          formula,
          byKernels: found,
          dimension: 1,
          exchange: [] as never,
          shrinks: above > 0,
        }
      }),
    ),
  )
  const summary = {
    ...{ scenario: 'contraction', question: 'By how much can liars spread honest values?', seeds: [1] },
    ...{
      cells,
      surprises: ['mda-synchronous, n = 5, f = 1: found 0.9876, more than the formula'],
      beatenBelowBound: [],
    },
  }
  const { svg, figure } = await drawContraction(summary)
  return { name: 'contraction', svg, html: await renderContraction(summary, figure, manifestOf(summary)) }
}
