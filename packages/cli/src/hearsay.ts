#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander'
import { CommandError } from './command-error.ts'
import { addData } from './data.ts'
import { addInit } from './init.ts'
import { addRun } from './run.ts'
import { addStart } from './start.ts'

const program = new Command('hearsay')
  .description('A network of peers that learn one model together, with no server, while up to a third of them lie.')
  .version('0.1.0')
  .showHelpAfterError('(hearsay --help tells more)')
  .showSuggestionAfterError()
addRun(program, numberOf)
addInit(program, numberOf)
addStart(program)
addData(program)

try {
  await program.parseAsync()
} catch (error) {
  // Errors with a code tell what is wrong and what to do; anything else is a bug, and its stack is wanted.
  const { code } = error as { code?: unknown }
  const known = error instanceof Error && typeof code === 'string'
  console.error(known ? `hearsay: ${error.message}` : error)
  process.exitCode = error instanceof CommandError ? error.exitCode : known ? 2 : 70
}

function numberOf(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It takes a whole number, 0 or more.')
  return value
}
