#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { plain } from '@hearsay/aggregation/words'
import { Command, InvalidArgumentError } from 'commander'
import { addAggregate } from './aggregate.ts'
import { addAttack } from './attack.ts'
import { addAttacks } from './attacks.ts'
import { CommandError } from './command-error.ts'
import { addData } from './data.ts'
import { addForensics } from './forensics.ts'
import { addInit } from './init.ts'
import { addReplay } from './replay.ts'
import { addRules } from './rules.ts'
import { addRun } from './run.ts'
import { addStart } from './start.ts'
import { addTrace } from './trace.ts'
import { addVerify } from './verify.ts'

const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
const { version } = JSON.parse(manifest) as { readonly version: string }

const program = new Command('hearsay')
  .description('A network of peers that learn one model together, with no server, while up to a third of them lie.')
  .version(version)
  .showHelpAfterError('(--help tells more)')
  .showSuggestionAfterError()
  .configureOutput({ writeErr: (text) => void process.stderr.write(plain(text)) })
  // Before the subcommands, which inherit it: a wrong command line is 2, as 1 is an expectation that does not hold.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
addRun(program, numberOf)
addReplay(program)
addTrace(program, numberOf)
addInit(program, numberOf)
addStart(program, numberOf)
addData(program)
addVerify(program)
addForensics(program)
addAggregate(program, numberOf)
addRules(program, numberOf)
addAttack(program, numberOf)
addAttacks(program)

// Whoever reads what is printed may stop reading, such as `head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  console.error(`hearsay: standard output cannot be written: ${error.message}`)
  process.exit(2)
})

try {
  await program.parseAsync()
} catch (error) {
  console.error(plain(isKnown(error) ? `hearsay: ${error.message}${remedyOf(error)}` : inspect(error)))
  process.exitCode = error instanceof CommandError ? error.exitCode : isKnown(error) ? 2 : 70
}

/**
 * Errors with a code tell what is wrong and what to do. Anything else is a bug, and its stack is wanted; so are the
 * errors that Node itself gives a code and throws at wrong arguments.
 */
function isKnown(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return false
  return typeof (error as { code?: unknown }).code === 'string'
}

/** What to do about an error of the file system, whose message only says what it is. */
function remedyOf({ code, path }: NodeJS.ErrnoException): string {
  if (code === 'ENOSPC') return ': make room, and run it again'
  if (path === undefined) return ''
  if (code === 'EEXIST' || code === 'ENOTDIR') return ': there is a file where a folder should be; choose another place'
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return ': choose a place that you may read and write'
  return ''
}

function numberOf(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It takes a whole number, 0 or more.')
  return value
}
