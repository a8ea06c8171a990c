import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { plain, plainJson } from '@hearsay/catalogue/words'
import type { LoadedScenario } from '@hearsay/scenario'
import type { ContractCheck, TrainingPool } from '@hearsay/training'
import { type Command, Option } from 'commander'
import { collect } from './assignments.ts'
import { CommandError } from './command-error.ts'
import { untilInterrupted } from './interrupt.ts'
import { residentBytes } from './process-tree.ts'

interface CheckFlags {
  readonly trainer?: string
  readonly set: string[]
  readonly calls: number
  readonly engine: 'native' | 'wasm' | 'auto'
  readonly json?: boolean
}

export function addTask(program: Command, numberOf: (text: string) => number): void {
  program
    .command('task')
    .description('what peers learn')
    .command('check')
    .description('whether a task keeps what tasks promise: the one of a scenario, or that of a trainer of your own')
    .argument('[scenario]', 'the task of its first cell')
    .option('--trainer <command>', "in place of a scenario, a program and its arguments: 'python3 train.py'")
    .option('--set <path=value>', 'change a parameter; may be repeated', collect, [])
    .option('--calls <number>', 'so many rounds are trained for what memory and time tell', numberOf, 100)
    .addOption(
      new Option('--engine <name>', 'what trains; auto is native if it is there')
        .choices(['native', 'wasm', 'auto'])
        .default('auto'),
    )
    .option('--json', 'print the checks as JSON')
    .addHelpText(
      'after',
      `
Examples:
  hearsay task check scenarios/numpy-trainer.yaml
  hearsay task check --trainer 'python3 train.py' --set task.trainer.options.hidden=64
  hearsay task check --trainer 'python3 train.py' --set task.trainer.measures='[{ name: accuracy, better: higher }]'

What the program of a trainer logs is printed on standard error. Words of a command may be quoted; no shell reads them.
Exit codes: 0 all promises are kept, 1 one is not, 2 the command or the scenario is wrong, or nothing can be started,
130 interrupted.`,
    )
    .action(check)
}

async function check(file: string | undefined, flags: CheckFlags): Promise<void> {
  const { calls } = flags
  if (calls < 4 || calls > 1_000_000) throw new CommandError(`--calls ${calls}: from 4 to 1000000`)
  // Only here: help need not wait for it.
  const { loadScenario } = await import('@hearsay/scenario')
  const [name, text] = sourceOf(file, flags.trainer)
  const scenario = loadScenario(text, { file: name, overrides: flags.set })
  const checks: ContractCheck[] = []
  const tell = (one: ContractCheck): void => {
    checks.push(one)
    if (!flags.json) process.stdout.write(plain(`${marks[one.outcome]} ${one.name}: ${one.message}\n`))
  }
  await untilInterrupted((signal) => checkAll(scenario, flags, { signal, tell }))
  if (flags.json) process.stdout.write(`${plainJson({ checks }, 2)}\n`)
  if (checks.some(({ outcome }) => outcome === 'fails')) process.exitCode = 1
}

const marks = { holds: '✓', note: '!', fails: '✗' } as const

async function checkAll(
  { cells, base, extensions, seeds }: LoadedScenario,
  { engine, calls }: CheckFlags,
  { signal, tell }: { signal: AbortSignal; tell: (one: ContractCheck) => void },
): Promise<void> {
  const { checkContract, checkTask, startTrainingPool, TrainingError } = await import('@hearsay/training')
  const { task, learning, peers } = cells[0]!.parameters
  const seed = seeds[0]!
  await checkTask({ task, learning, peers, base, seeds: [seed] })
  const files = { files: extensions.map(({ path }) => path), from: import.meta.url }
  const onSaid = (line: string): void => void process.stderr.write(`${plain(line)}\n`)
  const pools: TrainingPool[] = []
  const open = async () => {
    const pool = await startTrainingPool({ engine, processes: 1, extensions: files, signal, onSaid })
    pools.push(pool)
    return pool
  }
  try {
    const [one, other] = [await open(), await open()]
    const options = { task, learning, peers, seed, base, strict: true }
    try {
      const [opened, elsewhere] = [await one.open(options), await other.open(options)]
      const resident = () => residentBytes(one.pids)
      for await (const each of checkContract({ task: opened, elsewhere, peers, calls, residentBytes: resident }))
        tell(each)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof TrainingError)) throw error
      tell({ name: 'breaks off', outcome: 'fails', message: error.message })
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.close()))
  }
}

/** What errors call it, and the scenario. */
function sourceOf(file: string | undefined, trainer: string | undefined): [string, string] {
  if (file !== undefined && trainer !== undefined) throw new CommandError('give a scenario or --trainer, not both')
  if (file !== undefined) return [file, readFileSync(file, 'utf8')]
  if (trainer === undefined) throw new CommandError("give a scenario, or --trainer 'python3 train.py'")
  const task = { trainer: { command: wordsOf(trainer) } }
  const scenario = { name: 'task', question: 'Is it kept?', peers: 4, tolerated: 1, rounds: 1, task }
  return [join(process.cwd(), '--trainer'), JSON.stringify(scenario)]
}

/** Words between blanks; quotes keep blanks in a word. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  return words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'))
}
