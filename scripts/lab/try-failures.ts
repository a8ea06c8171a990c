/**
 * Failures of neurons and synapses against their bounds: `node scripts/lab/try-failures.ts [--tries N] [--seed S] [--network N]
 * [--json]`. On random networks of 2 to 5 layers, the output counted, at random and along gradients.
 */
import { tryFailures, tryNetwork } from '@hearsay/training/testing/try-failures'
import { commandLine, usageError } from '../command-line.ts'

const help = `node scripts/lab/try-failures.ts: does any failure of neurons or synapses exceed its bound?

  --tries N    how many, each with one set of failures; 20000
  --seed S     of networks, inputs and failures; 1
  --network N  of that seed only this network, from 0, with all of its tries: what is above its bound is told with it
  --json       the figures as JSON

Exit code 1 when one does.`

const flags = commandLine(help, {
  tries: { type: 'string', default: '20000' },
  seed: { type: 'string', default: '1' },
  network: { type: 'string' },
  json: { type: 'boolean', default: false },
})
const tries = Number(flags.tries)
if (!Number.isSafeInteger(tries) || tries < 1) usageError(`--tries ${flags.tries}: it takes a whole number from 1 on`)
const network = flags.network === undefined ? undefined : Number(flags.network)
if (network !== undefined && !(Number.isSafeInteger(network) && network >= 0))
  usageError(`--network ${flags.network}: it takes a whole number from 0 on`)
const tried = network === undefined ? tryFailures(tries, flags.seed) : tryNetwork(network, flags.seed)
if (flags.json) console.log(JSON.stringify(tried, undefined, 2))
else {
  console.log(`${tried.tries} tried, ${tried.exceeded} above their bound. Error over bound, at most:`)
  for (const [name, ratio] of Object.entries(tried.greatest)) console.log(`  ${name.padEnd(22)} ${ratio.toFixed(6)}`)
  for (const { network, of, what, output, error, bound } of tried.beyond)
    console.log(
      `above: --seed ${flags.seed} --network ${network}, try ${of}, ${what}: output ${output} is off by ${error}, bound ${bound}`,
    )
}
if (tried.exceeded > 0) process.exitCode = 1
