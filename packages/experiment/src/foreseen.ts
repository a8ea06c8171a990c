/** What can be known of a scenario's jobs before the first of them, so that none fails for it after hours. */

import type { RowShape } from '@hearsay/aggregation'
import { tooFewOpenFiles } from '@hearsay/home/open-files'
import { faultOfRowUpdates, giveTurn } from '@hearsay/peer'
import { agreementOf } from '@hearsay/protocol'
import { RunError } from '@hearsay/results'
import {
  type Cell,
  connections,
  endOfRounds,
  holdersOf,
  type LoadedScenario,
  type Parameters,
  ruleOf,
} from '@hearsay/scenario'
import { checkTask } from '@hearsay/training'

/** Of the process itself and its training processes, and so many again for what opens and closes. */
const filesOfARun = 60

/**
 * Throws RunError `impossible` with the cell and the seed, when a job cannot come to its end: its data are missing or too
 * few for a peer, its agreement or rule takes no updates of rows that its task has, its graph cannot be drawn, its peers need more sockets than there are. Throws the reason of the signal.
 */
export async function checkForeseen(
  { cells, base }: Pick<LoadedScenario, 'cells' | 'base'>,
  signal?: AbortSignal,
): Promise<void> {
  const known = new Set<string>()
  /** Of which tasks the updates are of rows. */
  const ofRows = new Set<string>()
  for (const cell of cells) {
    await giveTurn(signal)
    const seeds = cell.seeds.filter((seed) => isNew(known, partsOf(cell.parameters), seed))
    for (const seed of seeds) checkGraph(cell, seed)
    checkOpenFiles(cell)
    // Cells that learn the same of the same data are checked once: data may be large.
    const parts = partsOf(cell.parameters)
    if (seeds.length > 0 && (await checkLearning(cell, { base, seeds, signal }))) ofRows.add(parts)
    if (ofRows.has(parts)) checkRows(cell)
  }
}

/** What the checks depend on besides the seed. */
function partsOf(parameters: Parameters): string {
  const { task, learning, peers, topology } = parameters
  return JSON.stringify([task, learning.batchSize, peers, holdersOf(parameters), topology])
}

function isNew(known: Set<string>, parts: string, seed: number): boolean {
  const key = `${parts} ${seed}`
  if (known.has(key)) return false
  known.add(key)
  return true
}

async function checkLearning(
  cell: Cell,
  { base, seeds, signal }: { base: string; seeds: readonly number[]; signal: AbortSignal | undefined },
): Promise<RowShape | undefined> {
  const { task, learning, peers } = cell.parameters
  let at: number | undefined
  let rows: RowShape | undefined
  try {
    rows = await checkTask({
      task,
      learning,
      peers,
      holders: holdersOf(cell.parameters),
      base,
      seeds,
      turn: async (seed) => {
        at = seed
        await giveTurn(signal)
      },
    })
  } catch (error) {
    signal?.throwIfAborted()
    // Without a seed it is wrong with all of them, and the message says it.
    if (at === undefined) throw error
    throw impossible(cell, at, error)
  }
  return rows
}

/** Updates of rows are agreed on exactly, and aggregated by a rule that knows what silence is. */
function checkRows(cell: Cell): void {
  const { agreement, peers, learning, exchange } = cell.parameters
  const end = endOfRounds([agreement])
  const fault = faultOfRowUpdates({
    inChunks: exchange?.loss !== undefined,
    end,
    ordered: agreementOf(agreement).ordering !== undefined,
    rule: ruleOf(cell.parameters),
    peers,
    ...learning,
  })
  if (fault !== undefined) throw new RunError('impossible', `cell "${cell.label}": ${fault}; nothing was run`)
}

function checkGraph(cell: Cell, seed: number): void {
  const { topology, peers } = cell.parameters
  try {
    connections(topology, peers, seed)
  } catch (error) {
    throw impossible(cell, seed, new Error(`topology ${topology.kind}: ${(error as Error).message}`, { cause: error }))
  }
}

/** Every peer listens, and a link has an end at both of its peers, which are all in this process. */
function checkOpenFiles(cell: Cell): void {
  const { topology, peers, network } = cell.parameters
  const links = network.transport === 'tcp' ? connections(topology, peers, cell.seeds[0]!).length : 0
  const needed = filesOfARun + (network.transport === 'tcp' ? peers + 2 * links : 0)
  const what = links === 0 ? 'a run' : `cell "${cell.label}": a run of ${peers} peers with ${links} links over TCP`
  const remedy = links === 0 ? '' : '; or choose --network memory or virtual, which need hardly any'
  const few = tooFewOpenFiles(what, needed)
  if (few !== undefined) throw new RunError('impossible', few + remedy)
}

function impossible({ label }: Cell, seed: number, error: unknown): RunError {
  const { message } = error as Error
  return new RunError('impossible', `cell "${label}", seed ${seed}: ${message}; nothing was run`, { cause: error })
}
