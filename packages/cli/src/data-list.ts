import type { Command } from 'commander'

export function addDataList(data: Command): void {
  data
    .command('list')
    .description('list the data sets that are known by name, and which of them are here')
    .option('--json', 'print everything as JSON: files with their sizes and digests, mirrors and options too')
    .addHelpText(
      'after',
      `
Here means in data/NAME of the working folder, where hearsay data fetch puts a data set.

Examples:
  hearsay data list
  hearsay data list --json | jq '.[] | {name, licence, sizeBytes, fetched}'`,
    )
    .action(listData)
}

async function listData({ json }: { readonly json?: boolean }): Promise<void> {
  // Only here: help need not wait for it.
  const { hasFiles, namedSets, usualFolder } = await import('@hearsay/data')
  const { describeOptions } = await import('./options.ts')
  const sets = await Promise.all(
    [...namedSets.values()].map(async (set) => {
      const { name, summary, source, licence, gives, mirrors, pinned, options } = set
      const folder = usualFolder(name)
      return {
        name,
        summary,
        gives,
        source,
        licence,
        sizeBytes: pinned.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        folder,
        fetched: await hasFiles(set, folder),
        mirrors,
        files: pinned,
        options: describeOptions(options),
      }
    }),
  )
  if (json) {
    process.stdout.write(`${JSON.stringify(sets, null, 2)}\n`)
    return
  }
  const width = Math.max(...sets.map(({ name }) => name.length))
  const indent = ' '.repeat(width + 2)
  for (const { name, summary, source, licence, sizeBytes, fetched } of sets) {
    const size = `${(sizeBytes / 1e6).toFixed(1)} MB${fetched ? ', here' : ''}`
    process.stdout.write(
      `${name.padEnd(width)}  ${summary}\n${indent}${size}; licence: ${licence}\n${indent}${source}\n`,
    )
  }
  process.stdout.write('\nGet one with: hearsay data fetch NAME\n')
}
