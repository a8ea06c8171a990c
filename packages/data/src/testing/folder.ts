import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder of files that is gone when it is disposed of. */
export interface TestFolder extends Disposable {
  readonly base: string
  write(name: string, content: string | Uint8Array): void
}

export function testFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): TestFolder {
  const base = mkdtempSync(join(tmpdir(), 'hearsay-data-'))
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(base, name)), { recursive: true })
    writeFileSync(join(base, name), content)
  }
  for (const [name, content] of Object.entries(files)) write(name, content)
  return { base, write, [Symbol.dispose]: () => rmSync(base, { recursive: true }) }
}
