import { fetchDataset } from '@hearsay/training'
import type { Command } from 'commander'

export function addData(program: Command): void {
  const data = program.command('data').description('data sets')
  data
    .command('fetch')
    .description('fetch a data set from its pinned mirrors, checked by SHA-256; goes on where it was interrupted')
    .argument('<name>', 'mnist')
    .option('--into <folder>', 'where its files go', 'data/mnist')
    .action(async (name: string, { into }: { into: string }) => {
      const bytes = new Map<string, number>()
      await fetchDataset({
        name: name as 'mnist',
        into,
        onProgress: ({ file, receivedBytes, sizeBytes }) => {
          const told = bytes.get(file) ?? Number.NEGATIVE_INFINITY
          if (receivedBytes < sizeBytes && receivedBytes - told < 1_000_000) return
          bytes.set(file, receivedBytes)
          process.stderr.write(`${file}: ${(receivedBytes / 1e6).toFixed(1)} of ${(sizeBytes / 1e6).toFixed(1)} MB\n`)
        },
      })
      process.stdout.write(`${name} is in ${into}. Try: npx hearsay run scenarios/one-third.yaml `)
      process.stdout.write(`--set task.dataset=mnist --data ${into}\n`)
    })
}
