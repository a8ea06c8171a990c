// Takes the picture of a run into the documents, as SVG and as PNG:
//   node scripts/reference/write-picture.ts --run runs/latest
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine, usageError } from '../command-line.ts'

const documents = join(import.meta.dirname, '../../docs')

/** Named after its scenario: `docs/one-third.svg` and `docs/one-third.png`. */
export function writePicture(run: string): void {
  const { scenario } = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as { readonly scenario: string }
  for (const kind of ['svg', 'png']) copyFileSync(join(run, `plot.${kind}`), join(documents, `${scenario}.${kind}`))
}

if (import.meta.main) {
  const { run } = commandLine(
    `node scripts/reference/write-picture.ts: takes the picture of a run into the documents.

  --run DIR    the folder of the run; runs/latest unless given`,
    { run: { type: 'string', default: 'runs/latest' } },
  )
  try {
    writePicture(run)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') usageError(`--run ${run} is no folder of a finished run`)
    throw error
  }
}
