import { renameSync, writeFileSync } from 'node:fs'

/** Writes a file under another name first, so that nobody ever reads half of it. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, content, { flush: true })
  renameSync(temporary, file)
}
