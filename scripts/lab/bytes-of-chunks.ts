/**
 * What digests of chunks cost as a list and as a Merkle tree: `node scripts/lab/bytes-of-chunks.ts [--parameters D] [--json]`. Bytes that a
 * peer takes of one update of D float32, besides the update, where it wants all its chunks.
 */
import { chunkCount } from '@hearsay/aggregation'
import { chunkedHeadBytes, listBytes } from '@hearsay/peer'
import { digestBytes } from '@hearsay/protocol'
import { commandLine, usageError } from '../command-line.ts'

const help = `node scripts/lab/bytes-of-chunks.ts: what digests of chunks cost as a list and as a Merkle tree.

  --parameters D  431080
  --json          the figures as JSON`
const flags = commandLine(help, {
  parameters: { type: 'string', default: '431080' },
  json: { type: 'boolean', default: false },
})
const length = Number(flags.parameters)
if (!Number.isInteger(length) || length < 1)
  usageError(`--parameters takes a whole number above 0, not ${flags.parameters}`)

const figures = [16, 32, 64, 128, 256].map((wanted) => {
  const chunks = { length, size: Math.ceil(length / wanted) }
  const count = chunkCount(chunks)
  // The path of one leaf to the root: a digest a level.
  const proofBytes = digestBytes * Math.ceil(Math.log2(count))
  return {
    chunks: count,
    announcedBytes: digestBytes,
    listBytes: listBytes(chunks),
    /** Of which chunks count, where some do not. */
    headBytes: chunkedHeadBytes(chunks),
    proofsBytes: count * proofBytes,
    /** Bits and root. */
    headOfTreeBytes: 2 * digestBytes,
    updateBytes: 4 * length,
  }
})
if (flags.json) console.log(JSON.stringify(figures))
else {
  console.log(
    '| chunks | announced, either way | list | head of it | proofs of a tree | head of it | list / update | proofs / update |',
  )
  console.log(`|${' --- |'.repeat(8)}`)
  for (const each of figures) {
    const share = (bytes: number): string => `${((100 * bytes) / each.updateBytes).toFixed(2)} %`
    const { chunks, announcedBytes, listBytes, headBytes, proofsBytes, headOfTreeBytes } = each
    const cells = [chunks, announcedBytes, listBytes, headBytes, proofsBytes, headOfTreeBytes]
    console.log(`| ${[...cells, share(listBytes), share(proofsBytes)].join(' | ')} |`)
  }
}
