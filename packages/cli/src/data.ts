import { plain, shellWord } from '@hearsay/aggregation/words'
import { Argument, type Command } from 'commander'
import { addDataCheck } from './data-check.ts'

export function addData(program: Command): void {
  const data = program.command('data').description('data sets')
  addDataCheck(data)
  data
    .command('fetch')
    .description('fetch a data set from its pinned mirrors, checked by SHA-256; goes on where it was interrupted')
    .addArgument(new Argument('<name>', 'which: mnist'))
    .option('--into <folder>', 'where its files go; data/NAME when left out')
    .action(async (name: string, { into = `data/${name}` }: { into?: string }) => {
      // Only here: help need not wait for it.
      const { fetchDataset } = await import('@hearsay/training')
      const bytes = new Map<string, number>()
      await fetchDataset({
        name,
        into,
        onProgress: ({ file, receivedBytes, sizeBytes }) => {
          const told = bytes.get(file) ?? Number.NEGATIVE_INFINITY
          if (receivedBytes < sizeBytes && receivedBytes - told < 1_000_000) return
          bytes.set(file, receivedBytes)
          process.stderr.write(`${file}: ${(receivedBytes / 1e6).toFixed(1)} of ${(sizeBytes / 1e6).toFixed(1)} MB\n`)
        },
      })
      process.stdout.write(`${name} is in ${plain(into)}. Try: npx hearsay run scenarios/one-third.yaml `)
      process.stdout.write(`--set task.dataset=${name} --data ${shellWord(into)}\n`)
    })
}
