import { inspect } from 'node:util'
import { plain } from '@hearsay/catalogue/words'
import { Command, InvalidArgumentError } from 'commander'
import { addAggregate } from './aggregate.ts'
import { addAttack } from './attack.ts'
import { addAttacks } from './attacks.ts'
import { addCite } from './cite.ts'
import { CommandError } from './command-error.ts'
import { addData } from './data.ts'
import { addExport } from './export.ts'
import { addForensics } from './forensics.ts'
import { addGenesis } from './genesis-check.ts'
import { addInit } from './init.ts'
import { endUnderWay } from './interrupt.ts'
import { addNeurons } from './neurons.ts'
import { addPack } from './pack.ts'
import { addPause } from './pause.ts'
import { addPlan } from './plan.ts'
import { addPredict } from './predict.ts'
import { addRecommend } from './recommend.ts'
import { inWords } from './remedy.ts'
import { addReplay } from './replay.ts'
import { addRules } from './rules.ts'
import { addRun } from './run.ts'
import { addStart } from './start.ts'
import { addSweep } from './sweep.ts'
import { addTask } from './task-check.ts'
import { addTrace } from './trace.ts'
import { addTrust } from './trust.ts'
import { addVerify } from './verify.ts'
import { version } from './version.ts'
import { addVouch } from './vouch.ts'
import { writeWholly } from './whole-output.ts'

const program = new Command('hearsay')
  .description('A network of peers that learn one model together, with no server, while up to a third of them lie.')
  .version(version)
  .showHelpAfterError('(--help tells more)')
  .showSuggestionAfterError()
  .configureOutput({ writeErr: (text) => void process.stderr.write(plain(text)) })
  // Before the subcommands, which inherit it: a wrong command line is 2, as 1 is an expectation that does not hold.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
addRun(program, numberOf)
addPlan(program, numberOf)
addSweep(program, numberOf)
addReplay(program)
addCite(program)
addPack(program)
addTrace(program, numberOf)
addInit(program, numberOf)
addGenesis(program)
addStart(program, numberOf)
addVouch(program, numberOf)
addPause(program, numberOf)
addData(program, numberOf)
addExport(program, numberOf)
addPredict(program, numberOf)
addRecommend(program, numberOf)
addNeurons(program, numberOf)
addTask(program, numberOf)
addVerify(program)
addForensics(program)
addAggregate(program, numberOf)
addRules(program, numberOf)
addAttack(program, numberOf)
addAttacks(program)
addTrust(program, numberOf)

writeWholly(process.stdout, 1)
writeWholly(process.stderr, 2)
let outputEnded = false
// Whoever reads what is printed may stop reading, such as `head`. What is printed after that is lost, so it is no success.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (outputEnded) return
  outputEnded = true
  const closed = error.code === 'EPIPE'
  const why = closed ? 'whoever read standard output went away' : `standard output cannot be written: ${inWords(error)}`
  // As a shell tells of a program that SIGPIPE has ended.
  const exitCode = closed ? 141 : 2
  if (endUnderWay(why, exitCode)) return
  if (!closed) process.stderr.write(`hearsay: ${why}\n`)
  process.exit(exitCode)
})
// Nobody is left to be told, and the exit code still says it.
process.stderr.on('error', () => {})

try {
  await program.parseAsync()
} catch (error) {
  console.error(plain(isKnown(error) ? `hearsay: ${inWords(error)}` : inspect(error)))
  process.exitCode = error instanceof CommandError ? error.exitCode : isKnown(error) ? 2 : 70
  // What was interrupted may have left something that keeps the process alive.
  if (error instanceof CommandError && error.exitCode > 128) process.exit()
}

/**
 * Errors with a code tell what is wrong and what to do. Anything else is a bug, and its stack is wanted; so are the
 * errors that Node itself gives a code and throws at wrong arguments.
 */
function isKnown(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return false
  return typeof (error as { code?: unknown }).code === 'string'
}

function numberOf(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It takes a whole number, 0 or more.')
  return value
}
