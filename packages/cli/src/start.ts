import { type Command, Option } from 'commander'
import type { StartFlags } from './start-peer.ts'

export function addStart(program: Command, numberOf: (text: string) => number): void {
  program
    .command('start')
    .description('run a peer from its folder, until it is interrupted')
    .argument('<folder>', 'made by hearsay init')
    .option('--engine <name>', 'what trains: native, wasm, or auto (native if it is there)', 'auto')
    .option('--json', 'tell what happens as JSON lines')
    .option('--alone', 'learn alone, when the genesis names no other peer')
    .option('--archive <rounds>', 'keep the updates of so many newest rounds, whatever peer.yaml says', numberOf)
    .option('--stay', 'after the last round of a network that ends: go on serving those who lack something')
    .addOption(
      new Option('--log <level>', 'debug: also what libp2p tells, on standard error')
        .choices(['info', 'debug'])
        .default('info'),
    )
    .addHelpText(
      'after',
      `
The peer keeps its certificates and what it said in <folder>/state, so it can be killed and started again at any time.
Whoever reads what it tells may go away or hang: the peer goes on, and drops what nobody takes.
Exit codes: 0 after an interrupt or the last round of the network, 1 when it saw a fork and was then interrupted, 2 when it cannot go on: its files
are wrong, another process runs it, or its disk or its training failed.`,
    )
    // Only here: other commands need not wait for libp2p.
    .action(async (folder: string, flags: StartFlags) => (await import('./start-peer.ts')).startPeer(folder, flags))
}
