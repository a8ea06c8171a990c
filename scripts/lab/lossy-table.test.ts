import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const mnist = process.env.HEARSAY_MNIST ?? fileURLToPath(new URL('../../../../shared/data/mnist', import.meta.url))
const isThere = existsSync(join(mnist, 'train-images-idx3-ubyte.gz'))

test.skipIf(!isThere)(
  'a short run on MNIST: garbage breaks the mean, and of at most f links costs robust rules nothing',
  () => {
    const script = join(import.meta.dirname, 'lossy-table.ts')
    const words = [script, '--data', mnist, '--steps', '4', '--only', '8 of 19', '--json']
    const figures = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as Record<
      string,
      (number | null)[]
    >
    const [mean, median, multiKrum] = Object.values(figures) as [(number | null)[], number[], number[]]
    expect(Object.keys(figures)).toHaveLength(3)
    for (const lossy of mean.slice(1)) expect(lossy ?? 0).toBeLessThan(0.3)
    for (const [whole, ...lossy] of [median, multiKrum]) {
      expect(whole).toBeGreaterThan(0.5)
      for (const each of lossy.slice(0, 2)) expect(each).toBeGreaterThan(whole! - 0.05)
    }
  },
)
