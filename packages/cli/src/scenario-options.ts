import type { EngineName } from '@hearsay/training'
import { type Command, Option } from 'commander'
import { collect } from './assignments.ts'

/** What commands that take a scenario may be told of it, and what trains. */
export interface ScenarioFlags {
  readonly set: string[]
  readonly seed?: number
  readonly data?: string
  readonly engine: EngineName | 'auto'
  readonly network?: 'memory' | 'tcp' | 'virtual'
}

/** The options of `ScenarioFlags`, but for the network. */
export function addScenarioOptions(command: Command, numberOf: (text: string) => number): Command {
  return command
    .option('--set <path=value>', 'change a parameter in every cell; may be repeated', collect, [])
    .option('--seed <number>', "one seed instead of the scenario's", numberOf)
    .option('--data <path>', 'where data are: the IDX files of MNIST, or what to read in place of what task.data names')
    .addOption(
      new Option(
        '--engine <name>',
        'what trains; auto is native if it is there, batched is native with several peers at once',
      )
        .choices(['native', 'batched', 'wasm', 'auto'])
        .default('auto'),
    )
}

export const networkOption = (): Option =>
  new Option('--network <name>', "what is under the peers, in place of the scenario's: see docs/scenarios.md").choices([
    'memory',
    'tcp',
    'virtual',
  ])

/** What `loadScenario` is told of them. */
export const changesOf = ({ set, seed, data, network }: Pick<ScenarioFlags, 'set' | 'seed' | 'data' | 'network'>) => ({
  overrides: set,
  ...(seed === undefined ? {} : { seed }),
  ...(data === undefined ? {} : { dataDir: data }),
  ...(network === undefined ? {} : { network }),
})
