// The words of a command: help that teaches, and errors that name what is wrong instead of a stack.
import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * The options of this process's command line. `--help` prints `help` and ends the process; what is wrong is told in one
 * line, and ends it with exit code 2.
 */
export function commandLine<O extends Options>(help: string, options: O) {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', default: false } as const } })
    if ((values as { help?: boolean }).help !== true) return values as typeof values & { help: false }
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
