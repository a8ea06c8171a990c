// What references of members of the catalogue are made from: their docstrings and their options.
import { readFileSync } from 'node:fs'
import { describeOption, type OptionDescriptors } from '@hearsay/catalogue'

/** The docstring of the member in the file that is named after it. Throws an Error when there is none. */
function docstringOf(folder: URL, name: string): string {
  const file = new URL(`${name}.ts`, folder)
  const source = readFileSync(file, 'utf8')
  const declared = source.search(/export const \w+: \w+<'[^']+'> = /)
  const found = /^\/\*\*\n((?: \*.*\n)+?) \*\/\n$|^\/\*\* (.*) \*\/\n$/.exec(
    source.slice(source.lastIndexOf('/**', declared), declared),
  )
  if (found === null) throw new Error(`${file.pathname} has no docstring above its member.`)
  return found[2] ?? found[1]!.replace(/^ \* ?/gm, '').trimEnd()
}

/** The sentence on cost, as far as it goes in a table: without reasons. Throws an Error when there is none. */
export function costOf(folder: URL, name: string): string {
  const cost = /Cost (.*?)[.:;](?:\s|$)/.exec(docstringOf(folder, name).replaceAll('\n', ' '))?.[1]
  if (cost === undefined) throw new Error(`The docstring of ${name} does not state its cost.`)
  return cost
}

/** A section on a member: its docstring and its options. */
export function sectionOf(folder: URL, name: string, options: OptionDescriptors, note = ''): string {
  const rows = Object.entries(options).map(([option, descriptor]) => {
    const value = option === 'update' ? 'an attack on updates, or none' : describeOption(descriptor)
    const preset =
      descriptor.default === undefined ? (descriptor.optional ? '–' : '**required**') : `\`${descriptor.default}\``
    return `| \`${option}\` | ${value} | ${preset} | ${descriptor.summary} |`
  })
  const table = rows.length === 0 ? [] : ['| Option | Value | Default | Meaning |', '|---|---|---|---|', ...rows, '']
  return [`## ${name}\n`, `${docstringOf(folder, name)}\n`, ...(note === '' ? [] : [note]), ...table].join('\n')
}
