import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { exampleData } from './write-example-data.ts'

const files = exampleData()
const folder = join(import.meta.dirname, '../../scenarios/data')

test.each([...files.keys()])(
  'scenarios/data/%s is current: `node scripts/reference/write-example-data.ts` writes it',
  (name) => {
    const [due, found] = [Buffer.from(files.get(name)!), readFileSync(join(folder, name))]
    // What is packed may be packed in other ways.
    if (name.endsWith('.npz')) expect(unzipSync(found)).toEqual(unzipSync(due))
    else expect(found.equals(due)).toBe(true)
  },
)
