// The words of a command: help that teaches, and errors that name what is wrong instead of a stack.
import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * The options of this process's command line. `--help` prints `help` and ends the process; what is wrong is told in one
 * line, and ends it with exit code 2.
 */
export function commandLine<O extends Options>(help: string, options: O) {
  return parse(help, { options: withHelp(options) }).values
}

/** The same for a command that takes files too. */
export function commandLineOfFiles<O extends Options>(help: string, options: O) {
  return parse(help, { options: withHelp(options), allowPositionals: true })
}

const withHelp = <O extends Options>(options: O) =>
  ({ ...options, help: { type: 'boolean', default: false } as const }) as const

function parse<C extends ParseArgsConfig>(help: string, config: C) {
  try {
    const parsed = parseArgs(config)
    if ((parsed.values as { help?: boolean }).help !== true) return parsed
  } catch (error) {
    usageError((error as Error).message)
  }
  console.log(help)
  process.exit(0)
}

/** Ends the process with exit code 2 after telling what is wrong with the words of the command. */
export function usageError(message: string): never {
  console.error(`${message}. --help lists the options.`.replace('.. ', '. '))
  process.exit(2)
}
