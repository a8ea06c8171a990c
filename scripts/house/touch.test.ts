import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

// What docs/architecture.md says that a new member of the catalogue touches, held against one that is there.
const root = join(import.meta.dirname, '../..')
const document = readFileSync(join(root, 'docs/architecture.md'), 'utf8')

/** Of the table: how many files, which, and the member that shows it. */
const rows = [...document.matchAll(/^\| ([^|`]+?) +\| (\d+) +\| `([^`]+)` +\| `([^`]+)` +\| `([^`]+)` +\|$/gm)].map(
  ([, kind, files, own, line, name]) => ({ kind: kind!, files: Number(files), own: own!, line: line!, name: name! }),
)

/** The sources of the program, without tests and what they use. */
const sources = globSync('packages/*/src/**/*.ts', { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !/\.test\.ts$|\/testing\//.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

/** In the folder of an agreement, or the index of its room. */
function isBesideAgreement(path: string, own: string): boolean {
  return (dirname(path) === dirname(own) && path !== own) || path === 'packages/protocol/src/index.ts'
}

/** Those that name a member: as a text, in words of the documentation, or by its file. */
function touchedBy(name: string): string[] {
  const names = [`'${name}'`, `"${name}"`, `\`${name}\``, `/${name}.ts'`, `/${name}/named.ts'`]
  return sources.filter(({ text }) => names.some((each) => text.includes(each))).map(({ path }) => path)
}

test('the table has every kind', () => {
  const kinds = rows.map(({ kind }) => kind.split(',')[0])
  for (const kind of [
    'rule',
    'pre-rule',
    'attack on updates',
    'misbehaviour',
    'poison',
    'topology',
    'data set',
    'model',
  ])
    expect(kinds).toContain(kind)
  expect(kinds).toContain('partition of data')
})

test.each(rows)('a new $kind touches $files files, as $name does', ({ kind, files, own, line, name }) => {
  const touched = [own.replace('NAME', name), line]
  expect(touched).toHaveLength(files)
  const all = touchedBy(name)
  // What an agreement is made of is a folder.
  const beside = kind === 'agreement' ? all.filter((path) => !isBesideAgreement(path, own.replace('NAME', name))) : all
  expect(beside.sort()).toEqual(touched.sort())
  // One line of the list.
  const lines = sources.find(({ path }) => path === line)!.text.split('\n')
  expect(lines.filter((each) => each.includes(`/${name}.ts'`) || each.includes(`/${name}/named.ts'`))).toHaveLength(1)
})
