import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'

/** A gzipped tape archive of files by name. */
export async function tarGz(files: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
  const entries = pack()
  for (const [name, content] of Object.entries(files)) entries.entry({ name }, Buffer.from(content))
  entries.finalize()
  return gzipSync(await buffer(entries))
}
