import { join } from 'node:path'
import { namedStream } from '@hearsay/catalogue/random'
import { expect, test } from 'vitest'
import { testFolder } from '../testing/folder.ts'
import { textRows } from './text-rows.ts'

/** Values as people write them, some of which need quotes. */
const values = ['', '1', '-2.5', 'Zürich', 'a,b', 'two\nlines', 'say "yes"', '"', '\n', '日本語, "x"\n\n', ' spaced ']

test.each(['\n', '\r\n'])(
  'a file of many pieces, with quotes across them: every row, and its line (%j)',
  async (newline) => {
    const random = namedStream('text rows', newline)
    const rows: { line: number; fields: string[] }[] = []
    const lines: string[] = []
    let line = 1
    for (let length = 0; length < 2_500_000; ) {
      const fields = ['row', ...Array.from({ length: 4 }, () => values[random.integer(values.length)]!)]
      if (random.integer(500) === 0) fields[3] = 'long and\n"longer" '.repeat(random.integer(5_000))
      const written = fields.map((field) => {
        const plain = !/[",\n]/.test(field) && random.integer(2) === 0
        return plain ? field : `"${field.replaceAll('"', '""')}"`
      })
      rows.push({ line, fields })
      lines.push(written.join(',') + newline)
      length += lines.at(-1)!.length
      line += 1 + fields.join('').split('\n').length - 1
    }
    using folder = testFolder({ 'a.csv': lines.join('') })
    const read: unknown[] = []
    for await (const batch of textRows(join(folder.base, 'a.csv'), ',', folder)) read.push(...batch)
    const ended = rows.map((row) => {
      const fields = row.fields.slice()
      // Of CRLF the CR may stay on the last field, which is trimmed where it is read.
      return { ...row, fields: fields.map((field) => field.trim()) }
    })
    const trimmed = (read as typeof rows).map((row) => ({ ...row, fields: row.fields.map((field) => field.trim()) }))
    expect(trimmed.length).toBe(ended.length)
    expect(trimmed.find((row, index) => JSON.stringify(row) !== JSON.stringify(ended[index]))).toBeUndefined()
  },
)
