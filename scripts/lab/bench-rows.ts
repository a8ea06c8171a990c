/**
 * What updates of rows cost beside those of whole vectors: `node scripts/lab/bench-rows.ts [--peers N] [--rows N] [--width N]
 * [--touched PERCENT] [--json]`. Prints the bytes that a peer receives in a round of exact agreement on the virtual network, and the memory of that network; and the time
 * of each rule that goes row by row, from updates as a peer holds them to their aggregate, where all peers speak about the same rows and
 * where each draws its own; and of all that a peer computes when it aggregates, which is that, the next model and its digest.
 */
import {
  aggregate,
  aggregateRows,
  type RowShape,
  type RuleSpec,
  type SparseUpdate,
  type Update,
  Workspace,
} from '@hearsay/aggregation'
import { seededStream, shuffle } from '@hearsay/catalogue/random'
import { composePeer, FoundedCharter, nextModel, nextModelOfRows } from '@hearsay/peer'
import { agreementOf, digestOfVector } from '@hearsay/protocol'
import { modelledKeys, SharedVectors, VirtualNetwork } from '@hearsay/virtual'
import { commandLine, usageError } from '../command-line.ts'

const help = `node scripts/lab/bench-rows.ts: bytes on the wire and time of the rule, of updates of rows beside whole ones.

  --peers N          10
  --rows N           of the model; 100000
  --width N          numbers in a row; 16
  --touched PERCENT  of the rows, by each peer; 1
  --json             the figures as JSON`
const flags = commandLine(help, {
  peers: { type: 'string', default: '10' },
  rows: { type: 'string', default: '100000' },
  width: { type: 'string', default: '16' },
  touched: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
})
const [peers, count, width, touched] = (['peers', 'rows', 'width', 'touched'] as const).map((name) => {
  const value = Number(flags[name])
  if (!(value > 0)) usageError(`--${name} takes a number above 0, not ${flags[name]}`)
  return value
}) as [number, number, number, number]

const shape: RowShape = { count, width }
const spoken = Math.max(1, Math.round((count * touched) / 100))
const tolerated = Math.floor((peers - 1) / 3)
const rule: RuleSpec = { rule: 'trimmed-mean', tolerated }
const named = ['trimmed-mean', 'median', 'meamed', 'phocas', 'quadratic-median', 'clipped-mean', 'mean', 'sum'] as const
const rounds = 2
const trials = 20

/** Of a peer in a round; `alike`: about the same rows as all others. */
function updateOf(peer: number, round: number, alike: boolean): SparseUpdate {
  const chosen = seededStream(alike ? 1 : 1 + peer)
  const all = Int32Array.from({ length: count }, (_, row) => row)
  const rows = Uint32Array.from(shuffle(all, chosen.integer).subarray(0, spoken)).sort()
  const numbers = seededStream(1000 * round + peer)
  return { rows, values: Float32Array.from({ length: spoken * width }, () => numbers.uniform() - 0.5) }
}

function wholeOf({ rows, values }: SparseUpdate): Float32Array {
  const whole = new Float32Array(count * width)
  for (const [at, row] of rows.entries()) whole.set(values.subarray(at * width, (at + 1) * width), row * width)
  return whole
}

/** Bytes that a peer receives in a round, all and of payloads. */
function received(rows: RowShape | undefined): { readonly all: number; readonly payloads: number } {
  const initial = new Float32Array(count * width)
  const keys = modelledKeys(peers, 1)
  const ids = keys.map((_, self) => String(self))
  const agreement = agreementOf({ kind: 'exact' })
  const charter = new FoundedCharter({ record: 'bench-rows', ids, tolerated, aggregation: rule, agreement, rows })
  const vectors = new SharedVectors(peers, initial, charter.at(1).rule, rows)
  const heights = ids.map(() => 0)
  const network = new VirtualNetwork({
    seed: 1,
    links: { latency: { uniform: [10, 30] } },
    connections: ids.flatMap((_, a) => ids.slice(a + 1).map((_, b) => [a, a + 1 + b] as const)),
    peers: ids.map((id, self) => ({
      id,
      honest: true,
      create: ({ kept, ...ports }) =>
        composePeer({
          ...ports,
          ...{ network: charter.network(keys[self]!), ids, self, vectors: vectors.of(self), lastRound: rounds, rounds },
          initial: digestOfVector(initial),
          timing: { graceMs: 60_000, timeoutMs: 500, askMs: 500 },
          kept: { memory: 'whole', ...kept },
          trainer: {
            train: ({ round }, done: (update: Update) => void) => {
              const update = updateOf(self, round, false)
              done(rows === undefined ? wholeOf(update) : update)
            },
          },
          watch: (event) => {
            if (event.kind === 'failed') throw event.error
          },
        }),
    })),
    onStep: (peer, { outputs }) => {
      for (const output of outputs) if (output.kind === 'round-ended') heights[peer] = output.round
    },
  })
  network.run(() => heights.every((height) => height === rounds), 3_600_000)
  if (!heights.every((height) => height === rounds)) throw new Error('the rounds were not certified: this is a bug')
  const by = network.counters.received
  const each = (bytes: number): number => Math.round(bytes / (peers * rounds))
  return { all: each(Object.values(by).reduce((sum, bytes) => sum + bytes, 0)), payloads: each(by.payload) }
}

/** Milliseconds of each, the least of several; in turns, so that a busy machine is busy for all. */
function timesOf<Name extends string>(acts: Readonly<Record<Name, () => void>>): Record<Name, number> {
  const names = Object.keys(acts) as Name[]
  const times = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])) as Record<Name, number>
  for (let trial = 0; trial < trials; trial++) {
    for (const name of names) {
      const startedMs = performance.now()
      acts[name]()
      times[name] = Math.min(times[name], performance.now() - startedMs)
    }
  }
  return times
}

const everyone = Array.from({ length: peers }, (_, peer) => peer)
const own = everyone.map((peer) => updateOf(peer, 1, false))
const same = everyone.map((peer) => updateOf(peer, 1, true))
// The memory of a process is what it was at most, so rows come first.
const mebibytes = (): number => process.resourceUsage().maxRSS / 1024
const before = mebibytes()
const ofRows = received(shape)
const memory = { rows: mebibytes() - before, whole: 0 }
const whole = received(undefined)
memory.whole = mebibytes() - before
const workspace = new Workspace({ rows: peers, length: count * width })
for (const [peer, update] of own.entries()) workspace.vector(peer).set(wholeOf(update))
const times = named.map((name) => {
  const spec: RuleSpec = { rule: name, tolerated }
  const acts = {
    whole: () => aggregate(spec, workspace, everyone),
    same: () => aggregateRows(spec, same, width),
    own: () => aggregateRows(spec, own, width),
  }
  return { rule: name as string, ...timesOf(acts) }
})
const model = new Float32Array(count * width)
const digests = everyone.map((peer) => digestOfVector(Float32Array.of(peer)))
const work = timesOf({
  whole: () => digestOfVector(nextModel(rule, workspace, everyone, model, digests)),
  same: () => digestOfVector(nextModelOfRows(rule, shape, same, model, digests)),
  own: () => digestOfVector(nextModelOfRows(rule, shape, own, model, digests)),
})
/** The leaves that a tree of digests would have to be made anew: of each row that anybody speaks about. */
const leaves = (updates: readonly SparseUpdate[]) => (): void => {
  for (const row of aggregateRows(rule, updates, width).rows)
    digestOfVector(model.subarray(row * width, (row + 1) * width))
}
const digest = timesOf({ whole: () => digestOfVector(model), same: leaves(same), own: leaves(own) })
const figures = {
  ...{ peers, rows: count, width, spoken },
  bytes: { whole: whole.all, rows: ofRows.all, ratio: ofRows.all / whole.all },
  payloads: { whole: whole.payloads, rows: ofRows.payloads, ratio: ofRows.payloads / whole.payloads },
  memoryMiB: memory,
  digestMs: digest,
  timeMs: times.map((of) => ({ ...of, ratio: of.same / of.whole, ratioOwn: of.own / of.whole })),
  workMs: { ...work, ratio: work.same / work.whole, ratioOwn: work.own / work.whole },
}
if (flags.json) console.log(JSON.stringify(figures, undefined, 2))
else {
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(2)} %`
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`
  console.log(`${peers} peers, ${count} rows of ${width}, of which each speaks about ${spoken}; f = ${tolerated}`)
  for (const [what, { whole, rows, ratio }] of Object.entries({ all: figures.bytes, payloads: figures.payloads }))
    console.log(
      `received by a peer in a round, ${what}: ${kilobytes(rows)} beside ${kilobytes(whole)}, ${percent(ratio)}`,
    )
  const [least, most] = [memory.rows, memory.whole].map((size) => `${size.toFixed(0)} MiB`)
  console.log(`memory of the network while it ran, at most: ${least} beside ${most}`)
  for (const { rule: of, whole, same, own } of [...times, { rule: `${rule.rule}, model and digest`, ...work }])
    console.log(
      `${of}: whole ${whole.toFixed(2)} ms; the same rows ${same.toFixed(2)} ms, ${percent(same / whole)}; ` +
        `rows of their own ${own.toFixed(2)} ms, ${percent(own / whole)}`,
    )
  const [all, ...leavesMs] = [digest.whole, digest.same, digest.own].map((ms) => `${ms.toFixed(2)} ms`)
  console.log(`digest of the model: ${all}; of each row that is spoken about, alone: ${leavesMs.join(' and ')}`)
}
