import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { mostOpenFiles, tooFewOpenFiles } from './open-files.ts'

const module = new URL('./open-files.ts', import.meta.url).href

test('the limit is that of the process', () => {
  const script = `import(${JSON.stringify(module)}).then(({ mostOpenFiles }) => console.log(mostOpenFiles()))`
  const asked = execFileSync('bash', ['-c', 'ulimit -n 77; exec "$@"', 'bash', process.execPath, '-e', script])
  expect(asked.toString().trim()).toBe('77')
  expect(mostOpenFiles() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(77)
})

test('what needs more is told, with the remedy', () => {
  expect(tooFewOpenFiles('it', 64, 64)).toBeUndefined()
  expect(tooFewOpenFiles('it', 65, 64)).toMatch(/^it needs about 65 file descriptors, .* 64 here: run ulimit -n 65 in/)
})
