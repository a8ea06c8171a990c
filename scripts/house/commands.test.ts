// What documents tell people to type, held against what is there to be typed.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { literal, nameOf } from './imports.ts'
import { parse, visit } from './syntax-tree.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const find = (...patterns: string[]): string[] =>
  globSync(patterns, { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist|runs)(\/|$)/.test(path) })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()

const documents = find('*.md', 'docs/**/*.md', 'packages/*/README.md', '.github/**/*.md')
/** Those that tell of now; what a decision or a change named may be gone. */
const ofNow = documents.filter((path) => !/^(CHANGELOG|docs\/decisions\/)/.test(path))
const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> }
const scriptFiles = find('scripts/**/*.{ts,mjs,py}')

/** The commands of a document: what stands in code, and between `|` and `&&`. */
function commandsOf(text: string): string[][] {
  const blocks = [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.split('\n'))
  const indented = [...text.matchAll(/^ {4}(.*)$/gm)].map(([, line]) => line!)
  const spans = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!)
  return [...blocks, ...indented, ...spans]
    .flatMap((line) => line.replace(/ #.*/, '').split(/ \| | && /))
    .map((command) => command.trim().split(/\s+/))
}

const optionsOf = (words: readonly string[]): string[] =>
  words.flatMap((word) => /^--([a-z][a-z-]*)(=|$)/.exec(word)?.[1] ?? [])

const program = find('packages/cli/src/*.ts')
  .filter((path) => !path.endsWith('.test.ts'))
  .map(read)
/** The commands that the program `hearsay` has, as its sources add them. */
const ofHearsay = new Set<string>()
for (const text of program)
  visit(parse(text), (node) => {
    const isAdded =
      node.type === 'CallExpression' && nameOf((node.callee as { property?: unknown }).property) === 'command'
    const words = isAdded ? literal((node.arguments as unknown[])[0]) : undefined
    if (words !== undefined) ofHearsay.add(words.split(' ')[0]!)
  })

/** The first option that a program's sources do not have: as `--name`, or as a key of what is parsed. */
function unknownOption(words: readonly string[], sources: readonly string[]): string | undefined {
  const isThere = (option: string): boolean =>
    sources.some((text) => new RegExp(`--${option}\\b|\\b${option}: {|'${option}'`).test(text))
  return optionsOf(words).find((option) => option !== 'help' && !isThere(option))
}

/** What is wrong with a command, if anything is. */
function judge([first = '', ...rest]: readonly string[]): string | undefined {
  if ((first === 'npx' || first === 'pnpm') && rest[0] === 'hearsay') return judge(rest)
  const [second = '', ...words] = rest
  if (first === 'hearsay' && /^[a-z]+$/.test(second)) {
    if (!ofHearsay.has(second)) return `hearsay has no command ${second}`
    const unknown = unknownOption(words, program)
    return unknown === undefined ? undefined : `hearsay has no option --${unknown}`
  }
  if (first === 'node' && /\.(ts|mjs)$/.test(second)) {
    if (!existsSync(join(root, second))) return `${second} is not there`
    return /\/with-setup\.mjs$/.test(second) ? undefined : judgeOptions(second, words)
  }
  if (first === 'npm' && (second === 'start' || second === 'test')) return scripts[second] ? undefined : 'not there'
  if (first !== 'pnpm' && !(first === 'npm' && second === 'run')) return undefined
  const name = first === 'npm' ? words[0]! : second
  const file = /^node (\S+)/.exec(scripts[name] ?? '')?.[1]
  if (file !== undefined) return judgeOptions(file, words)
  const isThere = name in scripts || existsSync(join(root, 'node_modules/.bin', name))
  return isThere ? undefined : `there is no ${first} ${name}`
}

function judgeOptions(file: string, words: readonly string[]): string | undefined {
  const unknown = unknownOption(words, [read(file)])
  return unknown === undefined ? undefined : `${file} has no option --${unknown}`
}

test('every command that a document tells of is there, with its options', () => {
  const commands = ofNow.flatMap((path) => commandsOf(read(path)).map((words) => ({ path, words })))
  const wrong = commands.flatMap(({ path, words }) => {
    const what = judge(words)
    return what === undefined ? [] : [`${path}: \`${words.join(' ')}\`: ${what}`]
  })
  expect(wrong).toEqual([])
  expect(commands.filter(({ words }) => words[0] === 'npx' && words[1] === 'hearsay').length).toBeGreaterThan(20)
  expect(commands.filter(({ words }) => words[0] === 'node').length).toBeGreaterThan(5)
})

test.each([
  ['npx hearsay fly', 'hearsay has no command fly'],
  ['npx hearsay run one.yaml --fast', 'hearsay has no option --fast'],
  ['node scripts/nothing.ts', 'scripts/nothing.ts is not there'],
  ['pnpm explore --sideways 2', 'scripts/lab/explore/explore.ts has no option --sideways'],
  ['pnpm nothing', 'there is no pnpm nothing'],
  ['npm run nothing', 'there is no npm nothing'],
])('`%s` is not there', (command, what) => {
  expect(judge(command.split(' '))).toBe(what)
})

test('every script that a document, a source or a command of the workspace names is there', () => {
  const sources = find('packages/*/{src,kernels}/**/*.{ts,js}', '.ci/*', 'package.json', 'scripts/**/*.{ts,mjs,json}')
  const wrong = [...documents, ...sources]
    .filter((path) => !/^scripts\/house\/.*\.test\.ts$/.test(path))
    .flatMap((path) =>
      [...read(path).matchAll(/(?<![\w/-])scripts\/[\w./-]*\.(ts|mjs|py)\b/g)]
        .filter(([name]) => !existsSync(join(root, name)))
        .map(([name]) => `${path}: ${name}`),
    )
  expect(wrong).toEqual([])
})

test('every script is a test, or a document, the workspace or another script names it', () => {
  const others = [...documents, 'package.json', ...scriptFiles].map((path) => ({ path, text: read(path) }))
  const lost = scriptFiles
    .filter((path) => !/\.test\.ts$/.test(path))
    .filter((path) => {
      const name = path.split('/').at(-1)!
      return !others.some((other) => other.path !== path && other.text.includes(name))
    })
  expect(lost).toEqual([])
})
