import { plain, plainJson } from '@hearsay/catalogue/words'
import type { ReplayedCell } from '@hearsay/experiment'
import type { Command } from 'commander'
import { untilInterrupted } from './interrupt.ts'
import { inFolder } from './packed.ts'

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('run again what a folder says was run on the virtual network, and compare every event')
    .argument('<run>', 'the folder of a run, such as runs/latest, or what hearsay pack made of it')
    .option('--json', 'print the comparison as JSON')
    .addHelpText(
      'after',
      `
The same scenario, seed and engine give the same trace digest on every machine and version of Node. Where a digest
differs, the first event that differs is shown. What peers trained is part of it, so another engine is another run.
Files of rules and attacks that the folder has (extensions) run with all your rights: read those of others first.

Exit codes: 0 all digests are the same, 1 one is not, 2 there is nothing to replay, 130 interrupted.

Examples:
  hearsay run scenarios/one-third.yaml --network virtual
  hearsay replay runs/latest`,
    )
    .action(replay)
}

async function replay(folder: string, { json }: { readonly json?: boolean }): Promise<void> {
  // Only here: other commands need not wait for it.
  const { replayRun } = await import('@hearsay/experiment')
  const onCell = (cell: ReplayedCell): void => {
    if (!json) process.stdout.write(plain(describe(cell)))
  }
  const replayed = await untilInterrupted((signal) =>
    inFolder(folder, (unpacked) => replayRun({ folder: unpacked, onCell, signal })),
  )
  const { engine, cells } = replayed
  const differing = cells.filter(({ recorded, found }) => recorded !== found).length
  if (json) process.stdout.write(`${plainJson(replayed, 2)}\n`)
  else {
    const count = `${cells.length} ${cells.length === 1 ? 'run' : 'runs'}`
    const words = differing === 0 ? `✓ ${count} repeated, event by event` : `✗ ${differing} of ${count} differ`
    const other = engine.recorded === engine.found ? '' : `; recorded with the engine ${engine.recorded}, not this one`
    process.stdout.write(plain(`${words}, with the engine ${engine.found}${other}\n`))
  }
  if (differing > 0) process.exitCode = 1
}

function describe({ label, seed, recorded, found, difference }: ReplayedCell): string {
  if (recorded === found) return `✓ ${label}, seed ${seed}: ${found}\n`
  const lines = [`✗ ${label}, seed ${seed}`, `    recorded ${recorded}`, `    now      ${found}`]
  if (difference === undefined)
    lines.push('    the events are the same; what peers said differs: run again with --trace')
  else
    lines.push(
      '  The first event that differs:',
      `    recorded ${difference.recorded ?? 'none'}`,
      `    now      ${difference.found ?? 'none'}`,
    )
  return `${lines.join('\n')}\n`
}
