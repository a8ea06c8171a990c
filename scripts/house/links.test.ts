import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const documents = globSync('**/*.md', {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|runs|\.[^/]*)(\/|$)/.test(path),
}).sort()

interface Link {
  readonly from: string
  readonly to: string
}

/** Links and pictures of a document, without those in code. */
function linksOf(from: string): Link[] {
  const text = readFileSync(join(root, from), 'utf8').replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '')
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(([, link, html]) => link ?? html!)
  return targets.filter((to) => !/^[a-z]+:/.test(to)).map((to) => ({ from, to }))
}

/** What GitHub makes of a heading: lower case, no punctuation, hyphens for spaces. */
function anchorsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replaceAll(/```[\s\S]*?```/g, '')
  return [...text.matchAll(/^#+ +(.+?) *$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function isBroken({ from, to }: Link): boolean {
  const [path = '', anchor] = to.split('#')
  const file = path === '' ? join(root, from) : resolve(root, dirname(from), decodeURI(path))
  if (!existsSync(file)) return true
  return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor)
}

test('every relative link of a document leads to a file, and to a heading that is there', () => {
  const links = documents.flatMap(linksOf)
  expect(links.length).toBeGreaterThan(0)
  expect(links.filter(isBroken)).toEqual([])
})

test('a link that leads nowhere is found', () => {
  expect(isBroken({ from: 'CONTRIBUTING.md', to: 'docs/nowhere.md' })).toBe(true)
  expect(isBroken({ from: 'CONTRIBUTING.md', to: '#nowhere' })).toBe(true)
  expect(isBroken({ from: 'CONTRIBUTING.md', to: '#contributing' })).toBe(false)
})

test('every document in docs is in its index, and every decision once', () => {
  const index = linksOf('docs/README.md').map(({ to }) => join('docs', to))
  const absent = documents.filter((path) => path.startsWith('docs/') && path !== 'docs/README.md')
  expect(absent.filter((path) => !index.includes(path))).toEqual([])
  const decisions = index.filter((path) => path.startsWith(join('docs', 'decisions')))
  expect(decisions.filter((path, at) => decisions.indexOf(path) < at)).toEqual([])
})
