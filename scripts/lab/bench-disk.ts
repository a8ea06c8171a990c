/**
 * What a peer in service writes to its disk: four peers as people start them, over TCP, with the default task. The kernel
 * counts (`write_bytes` of /proc, so Linux only, and a folder on a disk, not in memory).
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, hearsay, PeerProcess } from '@hearsay/cli/testing/hearsay-process'
import { commandLine, usageError } from '../command-line.ts'

const {
  rounds: text,
  archive,
  folder: parent,
} = commandLine(
  `node scripts/lab/bench-disk.ts [--rounds 10] [--archive] [--folder PATH]

Bytes a round that each of four peers writes to its disk, as a ratio to the size of the model.

  --rounds N     so many rounds are counted, after the first two; 10 unless given
  --archive      peers keep the updates of others too
  --folder PATH  on the disk to be written to; the system's temporary folder unless given`,
  {
    rounds: { type: 'string', default: '10' },
    archive: { type: 'boolean', default: false },
    folder: { type: 'string', default: tmpdir() },
  },
)
const rounds = Number(text)
if (!Number.isSafeInteger(rounds) || rounds < 1) usageError(`--rounds takes a whole number from 1, found ${text}`)

const first = 2
const folder = mkdtempSync(join(parent, 'hearsay-bench-disk-'))
const peers: PeerProcess[] = []
try {
  await hearsay('init', folder, '--local', '4', '--port', String(await freePorts(4)))
  const homes = [0, 1, 2, 3].map((i) => join(folder, `peer-${i}`))
  for (const home of homes) {
    const file = join(home, 'genesis.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/roundMs: \d+/, 'roundMs: 0'))
  }
  const flags = archive ? ['--archive', '1000000'] : []
  for (const home of homes) peers.push(new PeerProcess(home, ...flags))
  const written = await Promise.all(peers.map(count))
  const bytes = written.reduce((sum, each) => sum + each, 0) / written.length / rounds
  if (bytes === 0) throw new Error(`${folder} is not on a disk whose writes the kernel counts: give another --folder`)
  const modelBytes = modelBytesOf(homes[0]!)
  const of = (what: string, size: number): void =>
    console.log(
      `${what.padEnd(44)} ${Math.round(size).toLocaleString('en').padStart(11)}   ${(size / modelBytes).toFixed(2)}`,
    )
  console.log(
    `${rounds} rounds of 4 peers${archive ? ', which archive' : ''}${' '.repeat(archive ? 4 : 19)}         bytes   of the model`,
  )
  of('the model', modelBytes)
  of('a round writes, at each peer', bytes)
  of('of that its update and the model', 2 * modelBytes)
  of('of that its words', wordsOf(homes[0]!))
} finally {
  await Promise.all(peers.map((peer) => peer.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
}

/** What a peer writes from its second certificate on, to that of the last round. */
async function count(peer: PeerProcess): Promise<number> {
  await peer.reaches(first)
  const before = writtenBy(peer.pid)
  await peer.reaches(first + rounds)
  return writtenBy(peer.pid) - before
}

function writtenBy(pid: number): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1])
}

/** Its updates and models are of one size. */
function modelBytesOf(home: string): number {
  const payloads = join(home, 'state', 'payloads')
  return statSync(join(payloads, readdirSync(payloads)[0]!)).size
}

/** Of the newest whole round; in files, of which a disk writes whole pages. */
function wordsOf(home: string): number {
  const state = join(home, 'state')
  const sizes = readdirSync(state).flatMap((name) => (name.startsWith('said-') ? statSync(join(state, name)).size : []))
  return Math.max(0, ...sizes)
}
