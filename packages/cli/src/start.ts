import type { Command } from 'commander'
import type { StartFlags } from './start-peer.ts'

export function addStart(program: Command): void {
  program
    .command('start')
    .description('run a peer from its folder, until it is interrupted')
    .argument('<folder>', 'made by hearsay init')
    .option('--engine <name>', 'what trains: native, wasm, or auto (native if it is there)', 'auto')
    .option('--json', 'tell what happens as JSON lines')
    .addHelpText(
      'after',
      `
The peer keeps its certificates and what it said in <folder>/state, so it can be killed and started again at any time.
Exit codes: 0 after an interrupt, 1 when it saw a fork and was then interrupted, 2 when it cannot go on: its files
are wrong, another process runs it, or its disk or its training failed.`,
    )
    // Only here: other commands need not wait for libp2p.
    .action(async (folder: string, flags: StartFlags) => (await import('./start-peer.ts')).startPeer(folder, flags))
}
