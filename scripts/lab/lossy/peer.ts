/** The peer of a folder, with so many parameters and training that is arithmetic: says each round that it ended, and when, until its standard input ends. */
import { readHome } from '@hearsay/home'
import { startOperator } from '@hearsay/home/operator'
import { promised } from '@hearsay/peer'

const [folder, parameters] = [process.argv[2]!, Number(process.argv[3])]
const operator = await startOperator({
  home: await readHome(folder),
  initial: new Float32Array(parameters),
  trainer: promised(async (round, model) => model.map((_, i) => ((round * 31 + i) % 97) / 97 - 0.5)),
  watch: (event) => {
    if (event.kind === 'failed') throw event.error
    if (event.kind !== 'output') return
    const { output } = event
    if (output.kind === 'round-ended')
      process.stdout.write(`${output.round} ${performance.timeOrigin + performance.now()} ${output.members.length}\n`)
  },
})
process.stdin.resume()
process.stdin.once('end', () => {
  setTimeout(() => process.exit(), 2000).unref()
  void operator.stop()
})
