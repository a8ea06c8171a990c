/**
 * Hands hostile bytes to every decoder of what comes from a peer:
 * `pnpm fuzz [--inputs N] [--seed S] [--json]`, ten million by default. Exit code 1, with the input, if one throws, takes
 * what is out of range, or allocates beyond the bound that `allocationLimit` states.
 */
import { fuzzCorpora } from '@hearsay/experiment/testing/fuzz-corpus'
import { fuzzGreetings } from '@hearsay/libp2p/testing/fuzz-greetings'
import { fuzzChunks } from '@hearsay/peer/testing/fuzz-chunks'
import { fuzzRows } from '@hearsay/peer/testing/fuzz-rows'
import { allocationLimit, fuzz } from '@hearsay/protocol/testing/fuzz/fuzz'
import { commandLine, usageError } from '../command-line.ts'

const help = `pnpm fuzz: hostile bytes for every decoder of what comes from a peer.

  --inputs N  so many; ten million when left out, about twenty minutes
  --seed S    of what is drawn; 1
  --json      the summary as JSON on standard output

Exit codes: 0 nothing thrown, out of range or too large, 1 something is, 2 the command is wrong.`
const values = commandLine(help, {
  inputs: { type: 'string', default: '10000000' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
})
const [inputs, seed] = [Number(values.inputs), Number(values.seed)]
if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(seed))
  usageError('--inputs is a number from 1, --seed any integer')

const startedMs = performance.now()
// They are few, and each is decoded without a signature: heads and bodies of updates, hellos, records of addresses.
const few = { inputs: Math.ceil(inputs / 20), seed }
const unsigned = { ...fuzzRows(few), ...fuzzChunks(few), ...fuzzGreetings(few) }
let mostMemoryBytes = 0
const fuzzed = fuzz({
  corpora: fuzzCorpora(),
  inputs,
  seed,
  measureEvery: 100,
  seen: (count) => {
    const { heapUsed, external } = process.memoryUsage()
    mostMemoryBytes = Math.max(mostMemoryBytes, heapUsed + external)
    process.stderr.write(`${count} inputs, ${Math.round((1000 * count) / (performance.now() - startedMs))} a second\n`)
  },
})
const tookMs = Math.round(performance.now() - startedMs)
const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
if (values.json) console.log(JSON.stringify({ seed, tookMs, mostMemoryBytes, ...fuzzed, unsigned }, undefined, 2))
else {
  for (const [kind, { inputs: given, taken }] of Object.entries({ ...fuzzed.taken, ...unsigned }))
    console.log(`${kind.padEnd(12)} ${given} inputs, ${taken} taken`)
  console.log(`${inputs} inputs in ${Math.round(tookMs / 1000)} s: nothing thrown, nothing out of range`)
  console.log(
    `an input allocated at most ${mebibytes(fuzzed.mostBytes)} MiB, garbage included, and ` +
      `${Math.round(100 * fuzzed.mostOfLimit)} % of its bound, which is ${allocationLimit(0) / 1024} KiB and ` +
      `${allocationLimit(1) - allocationLimit(0)} times its length (${fuzzed.measured} measured)`,
  )
}
