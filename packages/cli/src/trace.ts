import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { plain, plainJson } from '@hearsay/catalogue/words'
import type { EventKind, EventOf, Line, PeerName } from '@hearsay/peer'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'

interface TraceFlags {
  readonly peer?: number
  readonly round?: number
  readonly cell: number
  readonly seed?: number
  readonly json?: boolean
}

export function addTrace(program: Command, numberOf: (text: string) => number): void {
  program
    .command('trace')
    .description('read the story of a run: what each peer did, and what it said and heard')
    .argument('<run>', 'the folder of a run, such as runs/latest')
    .option('--peer <number>', 'of this peer only', numberOf)
    .option('--round <number>', 'of this round only', numberOf)
    .option('--cell <number>', 'of this cell, from 0', numberOf, 0)
    .option('--seed <number>', 'with this seed; the first when left out', numberOf)
    .option('--json', 'print the events as lines of JSON')
    .addHelpText(
      'after',
      `
What peers say and hear is there when the run was made with --trace, on the virtual network. Peers are those of the
scenario; liars are the last.

Exit codes: 0 done, 2 the command is wrong, or there is no such run.

Examples:
  hearsay run scenarios/one-third.yaml --network virtual --trace
  hearsay trace runs/latest --peer 0 --round 1
  hearsay trace runs/latest --cell 5 --json | jq -c 'select(.kind == "halted")'`,
    )
    .action(trace)
}

async function trace(folder: string, flags: TraceFlags): Promise<void> {
  // Only here: other commands need not wait for it.
  const { eventFiles } = await import('@hearsay/results')
  const [path = '', ...others] = eventFiles(folder)
  if (!existsSync(path))
    throw new CommandError(`${folder} is not the folder of a run: it has no events.jsonl; try runs/latest`)
  let { seed } = flags
  let told = 0
  for (const file of [path, ...others])
    for await (const text of createInterface({ input: createReadStream(file) })) {
      const line = parse(text, file)
      if (line.cell !== flags.cell) continue
      seed ??= line.seed
      if (line.seed !== seed) continue
      if (flags.peer !== undefined && line.peer !== flags.peer) continue
      if (flags.round !== undefined && !('round' in line && line.round === flags.round)) continue
      process.stdout.write(flags.json ? `${plainJson(line)}\n` : `${plain(describe(line))}\n`)
      told++
    }
  if (told === 0)
    throw new CommandError(
      `${path} has no such events: see the cells and seeds of ${join(folder, 'summary.json')}; of liars there are none ` +
        'without hearsay run --trace',
    )
}

function parse(text: string, path: string): Line {
  try {
    return JSON.parse(text) as Line
  } catch (error) {
    throw new CommandError(`${path} has a line that is not JSON: ${(error as Error).message}`)
  }
}

function describe(line: Line): string {
  if (line.atMs === undefined || line.peer === undefined) return happened(line)
  const at = `${line.atMs.toFixed(line.atMs % 1 === 0 ? 0 : 1)} ms`.padStart(11)
  const round = 'round' in line ? `  round ${line.round}` : ''
  return `${at}  peer ${String(line.peer).padEnd(3)}${round}  ${happened(line)}`
}

const list = (values: readonly unknown[]): string => values.join(', ')
const short = (digest: string): string => digest.slice(0, 8)
const whose = (members: readonly { readonly peer: PeerName }[]): string => list(members.map(({ peer }) => peer))

/** What happened, by kind; of others the kind says it. */
const stories: { readonly [Kind in EventKind]?: (line: EventOf<Kind>) => string } = {
  round: () => 'begins',
  trained: (line) => `has trained, ${Math.round(line.tookMs)} ms`,
  said: (line) =>
    `says ${line.to === undefined ? '' : `to ${list(line.to)} `}#${line.envelope}: ${line.statements.join('; ')}`,
  heard: (line) => `hears peer ${line.from} #${line.envelope}: ${line.statements.join('; ')}`,
  diverged: () => 'has trained to numbers that are not finite',
  held: () => 'holds one more update',
  agreed: (line) => `agrees on the updates of ${whose(line.members)}`,
  aggregated: () => 'has aggregated them',
  certified: (line) =>
    `certifies ${short(line.checkpoint)}, model ${short(line.model)}, signed by ${list(line.signers)}`,
  averaged: (line) => `ends the round with model ${short(line.model)}, the average of those of ${whose(line.members)}`,
  evidence: (line) => `has evidence of ${line.evidence} against ${list(line.culprits)}`,
  halted: (line) => `sees a fork, and stops: ${list(line.culprits)} signed both sides`,
  silent: (line) => `says nothing until round ${line.until} is over`,
  connected: (line) => `reaches peer ${line.other}`,
  disconnected: (line) => `no longer reaches peer ${line.other}`,
  fault: (line) => `finds fault with peer ${line.other}: ${line.message}`,
  failed: (line) => `cannot go on: ${line.message}`,
  'job-failed': (line) => `the cell failed: ${line.message}`,
}

function happened(line: Line): string {
  // A file may have any kind, `toString` too.
  if (!Object.hasOwn(stories, line.kind)) return line.kind
  return (stories[line.kind] as (line: Line) => string)(line)
}
