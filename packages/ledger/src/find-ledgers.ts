/**
 * Where ledgers are: a file, the folder of a peer, or any folder of several, such as that of a run. Beside a ledger, or
 * in the folder above, is the genesis record of its network; in either there may be payloads; beside it, evidence.
 */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { invalid, type KnownNetwork, knownNetwork, mostRecordBytes, parseJson } from './known-network.ts'

/** How they are called, wherever they are. */
export const placeNames = {
  record: 'genesis.json',
  ledger: 'ledger',
  payloads: 'payloads',
  evidence: 'evidence',
} as const

/** The second is of a disk of its own, and only for its owner to look into. */
const notLedgers: ReadonlySet<string> = new Set([placeNames.payloads, 'lost+found'])

/** A folder in a run or a network on one machine is this deep at most: ledgers/cell-0-seed-1/peer-0. */
const mostDepth = 4
/** More than any run has. */
const mostLedgers = 100_000
/** A file for each peer that equivocated, and for each coalition that forked. */
const mostEvidence = 20_000

export interface LedgerPlace {
  readonly path: string
  /** The genesis record. */
  readonly recordPath: string
  /** Folders of updates and models, by digest. */
  readonly payloads: readonly string[]
  /** Files of evidence. */
  readonly evidence: readonly string[]
}

/** The ledgers at or below a path, by path. Throws PeerError `bad-file` when there are none. */
export function findLedgers(path: string): LedgerPlace[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw invalid(path, 'there is no such file or folder')
  const paths = stat.isDirectory() ? ledgersBelow(path, mostDepth) : [path]
  if (paths.length === 0)
    throw invalid(path, `there is no ledger in it. Give a file of a ledger, the folder of a peer, or that of a run`)
  if (paths.length > mostLedgers) throw invalid(path, `more than ${mostLedgers} ledgers are in it`)
  return paths.map(placeOf)
}

function ledgersBelow(folder: string, depth: number): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  const here = entries
    .filter((entry) => entry.isFile() && entry.name === placeNames.ledger)
    .map(() => join(folder, placeNames.ledger))
  if (depth === 0) return here
  // Links are not followed: they may lead anywhere.
  const folders = entries.filter((entry) => entry.isDirectory() && !notLedgers.has(entry.name))
  return [...here, ...folders.flatMap(({ name }) => ledgersBelow(join(folder, name), depth - 1))]
}

function placeOf(path: string): LedgerPlace {
  const folder = dirname(path)
  const above = dirname(folder)
  const recordPath = [folder, above].map((each) => join(each, placeNames.record)).find(isPlain)
  if (recordPath === undefined)
    throw invalid(
      path,
      `neither beside it nor in the folder above is ${placeNames.record}, which says whose signatures count. A peer writes it ` +
        'when it is started',
    )
  const evidence = basename(path) === placeNames.ledger ? filesIn(join(folder, placeNames.evidence)) : []
  const payloads = [folder, above].map((each) => join(each, placeNames.payloads)).filter((each) => existsSync(each))
  return { path, recordPath, payloads, evidence }
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  if (names.length > mostEvidence) throw invalid(folder, `more than ${mostEvidence} files of evidence`)
  const paths = names.sort().map((name) => join(folder, name))
  return paths.filter(isPlain)
}

/** No link, and no device or pipe, whose size says nothing of how much there is to read. */
function isPlain(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** The network of a ledger. Throws PeerError `bad-file`. */
export function networkOf({ recordPath }: LedgerPlace): KnownNetwork {
  if (statSync(recordPath).size > mostRecordBytes) throw invalid(recordPath, `more than ${mostRecordBytes} bytes`)
  return knownNetwork(parseJson(readFileSync(recordPath, 'utf8'), recordPath), recordPath)
}
