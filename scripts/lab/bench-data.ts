/** Reading a table: how fast, and how much memory it takes beside what it gives. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataSchema, readSamples } from '@hearsay/data'
import { commandLine, usageError } from '../command-line.ts'

const { megabytes: text, folder: parent } = commandLine(
  `node scripts/lab/bench-data.ts [--megabytes 200] [--folder PATH]

Writes a CSV of numbers, categories and labels, reads it, and prints MB/s and the peak of resident memory, also relative to
the arrays that come of it.

  --megabytes N  so large a file; 200 unless given
  --folder PATH  where it is written, and taken away again; the system's temporary folder unless given`,
  {
    megabytes: { type: 'string', default: '200' },
    folder: { type: 'string', default: tmpdir() },
  },
)
const megabytes = Number(text)
if (!Number.isSafeInteger(megabytes) || megabytes < 1)
  usageError(`--megabytes takes a whole number from 1, found ${text}`)

const rowsAtOnce = 10_000
const mega = 1e6

const folder = mkdtempSync(join(parent, 'hearsay-bench-data-'))
try {
  const file = join(folder, 'table.csv')
  const sizeBytes = write(file, megabytes * mega)
  const before = process.memoryUsage.rss()
  const start = performance.now()
  const spec = dataSchema().parse({ kind: 'table', train: file, label: 'label' })
  const { train, test, inputs } = await readSamples(spec, { base: folder })
  const seconds = (performance.now() - start) / 1_000
  const arrayBytes = train.inputs.byteLength + test.inputs.byteLength + 4 * (train.count + test.count)
  // In kilobytes.
  const peakBytes = process.resourceUsage().maxRSS * 1_024
  const say = (what: string, amount: string) => console.log(`${what.padEnd(36)} ${amount.padStart(10)}`)
  const count = (number: number) => Math.round(number).toLocaleString('en')
  say('file, MB', count(sizeBytes / mega))
  say('rows', count(train.count + test.count))
  say('inputs of a row', count(inputs.length))
  say('MB/s', (sizeBytes / mega / seconds).toFixed(1))
  say('CPU seconds', (process.cpuUsage().user / mega).toFixed(1))
  say('arrays that come of it, MB', count(arrayBytes / mega))
  say('resident before, MB', count(before / mega))
  say('peak of resident memory, MB', count(peakBytes / mega))
  say('the same, of the arrays', (peakBytes / arrayBytes).toFixed(2))
} finally {
  rmSync(folder, { recursive: true })
}

/** Writes rows until they are so many bytes; returns how many there are. */
function write(file: string, leastBytes: number): number {
  const descriptor = openSync(file, 'w')
  let size = writeSync(descriptor, 'age,income,city,score,height,weight,label\n')
  for (let row = 0; size < leastBytes; ) {
    let lines = ''
    for (const end = row + rowsAtOnce; row < end; row++) {
      const people = `${20 + (row % 60)},${((row * 7_919) % 100_000) / 10},city ${row % 17}`
      const numbers = `${((row * 31) % 1_000) / 1_000},${150 + (row % 50)}.${row % 10},${(row % 977) * 0.137}`
      lines += `${people},${numbers},${row % 2 === 0 ? 'no' : 'yes'}\n`
    }
    size += writeSync(descriptor, lines)
  }
  closeSync(descriptor)
  return size
}
