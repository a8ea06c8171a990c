import { oneLine, plain, plainJson } from '@hearsay/catalogue/words'
import type { Command } from 'commander'
import { describePower, powerOf } from './power.ts'

export function addGenesis(program: Command): void {
  program
    .command('genesis')
    .description('what the peers of a network agree on before the first round')
    .command('check')
    .description('whether a genesis is sound, and which few peers can stop its network, or decide alone')
    .argument('<file>', 'a genesis, such as genesis.yaml in the folder of a peer')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Peers of a genesis may have weights: F, \`tolerated\`, is weight then, and so is every threshold. A few that weigh more than F
stop the network when they say nothing; a few that weigh more than (W + F) / 2 certify what they like. One that does either
alone is warned of.

Exit codes: 0 it is sound, 2 it is not, or the command is wrong.

Examples:
  hearsay genesis check my-peer/genesis.yaml
  hearsay genesis check genesis.yaml --json | jq .stop`,
    )
    .action(check)
}

async function check(file: string, { json }: { readonly json?: boolean }): Promise<void> {
  const { readWhole } = await import('./read-genesis.ts')
  const { charterOf, warningsOf } = await import('@hearsay/ledger')
  const { endOf } = await import('@hearsay/protocol')
  const { idleMomentumOf } = await import('./genesis-task.ts')
  const genesis = await readWhole(file)
  const { ids, quorums } = charterOf(genesis).at(1)
  const names = new Map(genesis.peers.map(({ id, name }) => [id, name]))
  const nameOf = (position: number): string => names.get(ids[position]!) ?? ids[position]!
  const power = powerOf(quorums, nameOf, endOf(genesis.agreement) === 'certified')
  const told = { ...power, warnings: [...power.warnings, ...warningsOf(genesis, idleMomentumOf)] }
  if (json) process.stdout.write(`${plainJson(told, 2)}\n`)
  else
    process.stdout.write(
      `${plain([`${file} is sound: ${oneLine(genesis.name)}`, ...describePower(told)].join('\n'))}\n`,
    )
}
