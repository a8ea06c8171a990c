/** A process that runs the peer of a folder, alone, whose updates are of rows, and says each round that it has ended. */
import { promised } from '@hearsay/peer'
import { readHome } from '../home.ts'
import { startOperator } from '../operator.ts'

const initial = Float32Array.of(1, 2, 3, 4, 5, 6)

await startOperator({
  home: await readHome(process.argv[2]!),
  initial,
  rows: { count: 3, width: 2 },
  alone: true,
  trainer: promised(async (round) => ({ rows: Uint32Array.of(1), values: Float32Array.of(round, -round) })),
  watch: (event) => {
    if (event.kind === 'failed') throw event.error
    if (event.kind === 'output' && event.output.kind === 'round-ended') process.stdout.write(`${event.output.round}\n`)
  },
})
