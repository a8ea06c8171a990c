import { plain, shellWord } from '@hearsay/catalogue/words'
import { type Command, Option } from 'commander'

interface FetchFlags {
  readonly to?: string
  readonly into?: string
}

export function addDataFetch(data: Command): void {
  data
    .command('fetch')
    .description('fetch a data set from its mirrors, checked by size and SHA-256; goes on where it was interrupted')
    .argument('<name>', 'which: see hearsay data list')
    .option('--to <folder>', 'where its files go; data/NAME when left out')
    .addOption(new Option('--into <folder>', 'as version 0.1 calls it').hideHelp())
    .addHelpText(
      'after',
      `
Examples:
  hearsay data fetch mnist
  hearsay data fetch har --to /data/har

A scenario names it, here with its folder where that is not data/NAME:
  task:
    data: { kind: named, name: har, folder: /data/har }

Nothing is fetched but by this command. Archives are unpacked beside themselves once their SHA-256 is right.
Exit codes: 0 all files are there and right, 2 not.`,
    )
    .action(fetchData)
}

async function fetchData(name: string, { into, to = into }: FetchFlags): Promise<void> {
  // Only here: help need not wait for it.
  const { fetchSet, namedSets, usualFolder } = await import('@hearsay/data')
  const set = namedSets.find(name)
  const folder = to ?? usualFolder(name)
  const bytes = new Map<string, number>()
  await fetchSet(set, {
    into: folder,
    onProgress: ({ file, receivedBytes, sizeBytes }) => {
      const told = bytes.get(file) ?? Number.NEGATIVE_INFINITY
      if (receivedBytes < sizeBytes && receivedBytes - told < 1_000_000) return
      bytes.set(file, receivedBytes)
      process.stderr.write(`${file}: ${(receivedBytes / 1e6).toFixed(1)} of ${(sizeBytes / 1e6).toFixed(1)} MB\n`)
    },
  })
  const place = to === undefined ? '' : `, folder: ${JSON.stringify(plain(folder))}`
  process.stdout.write(`${name} is in ${plain(folder)}. It is by ${set.source}. Licence: ${set.licence}.\n`)
  process.stdout.write(`In a scenario: task: { data: { kind: named, name: ${name}${place} } }\n`)
  if (name === 'mnist') {
    process.stdout.write('Or try: npx hearsay run scenarios/one-third.yaml --set task.dataset=mnist ')
    process.stdout.write(`--data ${shellWord(folder)}\n`)
  }
}
