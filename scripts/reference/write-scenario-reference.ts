// Writes the tables of docs/scenarios.md and docs/tasks.md from the schema: `node scripts/reference/write-scenario-reference.ts [--check]`.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { protocolAttacks } from '@hearsay/adversary'
import { attacks } from '@hearsay/adversary/updates'
import { type JsonSchema, parametersJsonSchema, scenarioJsonSchema } from '@hearsay/scenario'
import { poisons } from '@hearsay/training/schema'
import { withGenerated, writeGenerated } from './generated.ts'

export const referenceFile = fileURLToPath(new URL('../../docs/scenarios.md', import.meta.url))
/** Tasks are many and long. */
export const tasksFile = fileURLToPath(new URL('../../docs/tasks.md', import.meta.url))

/** One line of a table. */
interface Row {
  readonly path: string
  readonly node: JsonSchema
  readonly required: boolean
}

/** The document with these tables for its generated part. Throws an Error when the marks of that part are missing. */
export const withReference = (document: string, tables: string): string =>
  withGenerated(document, 'scripts/reference/write-scenario-reference.ts', tables)

/** A section whose variants have a document of their own, with their options. */
interface Elsewhere {
  /** The field that chooses the variant. */
  readonly field: string
  readonly document: string
  /** Whether that document describes a variant; otherwise it is described here. */
  describes(variant: string): boolean
  readonly sentence: string
}

const elsewhere: Readonly<Record<string, Elsewhere>> = {
  aggregation: {
    field: 'rule',
    document: 'rules.md',
    describes: () => true,
    sentence:
      'Options of a rule stand beside `rule`, such as `aggregation.radius`; those of a [pre-rule](rules.md#all-pre-rules) in its map, such as `aggregation.before.0.bucketing.size`.',
  },
  adversaries: {
    field: 'behaviour',
    document: 'attacks.md',
    describes: (variant) => attacks.has(variant) || protocolAttacks.has(variant) || poisons.has(variant),
    sentence: 'Options of an attack stand beside `behaviour`, such as `adversaries.scale`.',
  },
}

/** A table of what stands at the top of a scenario, and one for each section below. */
export function referenceTables(): string {
  const scenario = scenarioJsonSchema()
  const top = rowsOf(scenario, '')
  const sections = top.filter(
    ({ path, node }) => path !== 'task' && path in parametersJsonSchema().properties! && variantsOf(node).length > 0,
  )
  const expectations = scenario.properties!.expect!.items as JsonSchema
  return [
    ...['### The scenario', '', ...table(top)],
    ...['### `task`', '', 'By its kind: [tasks](tasks.md).', ''],
    ...sections.flatMap(({ path, node }) => [
      ...[`### \`${path}\``, ''],
      ...[[sentence(node), elsewhere[path]?.sentence].filter((each) => each !== undefined).join(' '), ''],
      ...table(path in elsewhere ? insideOrElsewhere(node, path, elsewhere[path]!) : inside(node, path)),
    ]),
    ...['### `expect[]`', '', sentence(expectations), '', ...table(rowsOf(expectations, 'expect[].'))],
  ].join('\n')
}

/** A table of the fields of each kind of task. */
export function taskTables(): string {
  const kinds = variantsOf(parametersJsonSchema().properties!.task!)
  return kinds
    .flatMap((kind) => {
      const name = String(kind.properties!.kind!.const ?? 'module')
      const fields = rowsOf(kind, 'task.').flatMap((row) => [row, ...inside(row.node, row.path)])
      return [`## ${name}`, '', sentence(kind), '', ...table(fields)]
    })
    .join('\n')
}

/** What is the same in several variants is told once. */
function table(rows: readonly Row[]): string[] {
  return ['| Field | Value | Default | Meaning |', '|---|---|---|---|', ...new Set(rows.map(line)), '']
}

function line({ path, node, required }: Row): string {
  const given = node.default === undefined ? (required ? 'required' : '–') : `\`${describe(node.default)}\``
  return `| \`${path}\` | ${valuesOf(node)} | ${given} | ${meaningOf(node).replaceAll('|', '\\|')} |`
}

/** Rows of everything below a node: fields, and for each variant the row that chooses it before its fields. */
function inside(node: JsonSchema, path: string): Row[] {
  const own = node.type === 'array' ? `${path}[]` : path
  return variantsOf(node).flatMap((variant) =>
    rowsOf(variant, `${own}.`).flatMap((row) => {
      const chooses = variantsOf(node).length > 1 && row.node.const !== undefined
      const described = chooses ? { ...row, node: { ...row.node, description: variant.description ?? '' } } : row
      return [described, ...inside(row.node, row.path)]
    }),
  )
}

/** One row for the variants that have a document, the fields that they share, and the other variants as in any section. */
function insideOrElsewhere(node: JsonSchema, path: string, { field, document, describes }: Elsewhere): Row[] {
  const chooser = `${path}.${field}`
  const variants = variantsOf(node).map((variant) => {
    const name = String(variant.properties![field]!.const)
    return { name, variant, isElsewhere: describes(name) }
  })
  const described = variants.filter(({ isElsewhere }) => isElsewhere)
  const shared = new Map<string, Row>()
  for (const { variant } of described)
    for (const row of rowsOf(variant, `${path}.`))
      if (row.path !== chooser && !isOption(row.node)) shared.set(row.path, row)
  const own = variants
    .filter(({ isElsewhere }) => !isElsewhere)
    .flatMap(({ variant }) =>
      rowsOf(variant, `${path}.`)
        .filter((row) => !shared.has(row.path))
        .map((row) =>
          row.path === chooser ? { ...row, node: { ...row.node, description: variant.description ?? '' } } : row,
        ),
    )
  const names = described.map(({ name }) => name)
  const first = { path: chooser, node: { enum: names, description: `see [${document}](${document})` }, required: true }
  return [first, ...shared.values(), ...own]
}

/** Of an option, without whose it is and what it may be, which the row tells anyway. */
function meaningOf({ description = '' }: JsonSchema): string {
  return description.replace(/^option of [^:]+: (.*); [^;]*$/, '$1')
}

const isOption = ({ description }: JsonSchema): boolean => description?.startsWith('option of ') === true

/** What chooses a variant comes first. */
function rowsOf(node: JsonSchema, prefix: string): Row[] {
  const required = (node.required ?? []) as string[]
  const rows = Object.entries(node.properties ?? {}).map(([key, child]) => ({
    path: prefix + key,
    node: child,
    required: required.includes(key),
  }))
  return rows.sort((a, b) => Number(b.node.const !== undefined) - Number(a.node.const !== undefined))
}

/** The maps that may stand at a node or in its list, each once. */
function variantsOf(node: JsonSchema): JsonSchema[] {
  const found = new Map<string, JsonSchema>()
  for (const branch of [node, ...(node.anyOf ?? []), ...(node.oneOf ?? [])]) {
    const inner = branch === node ? itemOf(node) : branch
    const maps = branch.properties !== undefined ? [branch] : inner === undefined ? [] : variantsOf(inner)
    for (const map of maps) found.set(JSON.stringify(map), map)
  }
  return [...found.values()]
}

/** What a list has in it; undefined when the node is no list. */
function itemOf(node: JsonSchema): JsonSchema | undefined {
  return node.type === 'array' && node.items !== undefined && node.items !== false && !Array.isArray(node.items)
    ? node.items
    : undefined
}

/** `a`, `b`; whole number, 1 to 64; list of …: what may stand there. */
function valuesOf(node: JsonSchema): string {
  const alternatives = node.anyOf ?? node.oneOf
  if (alternatives !== undefined) return [...new Set(alternatives.map(valuesOf))].join(', or ')
  if (node.const !== undefined) return `\`${String(node.const)}\``
  if (node.enum !== undefined) return node.enum.map((word) => `\`${String(word)}\``).join(', ')
  if (node.type === 'array') return Array.isArray(node.items) ? 'pair' : `list of: ${valuesOf(itemOf(node) ?? {})}`
  if (node.type === 'integer' || node.type === 'number') return numberOf(node)
  if (node.type === 'boolean') return '`true`, `false`'
  return node.type === 'object' ? 'map' : node.type === 'string' ? 'text' : 'anything'
}

function numberOf(node: JsonSchema): string {
  const kind = node.type === 'integer' ? 'integer' : 'number'
  const least = node.exclusiveMinimum === undefined ? String(node.minimum) : `above ${node.exclusiveMinimum}`
  if (node.exclusiveMaximum !== undefined) return `${kind}, ${least} to below ${node.exclusiveMaximum}`
  return node.maximum === undefined ? `${kind}, ${least}` : `${kind}, ${least} to ${node.maximum}`
}

/** A default as one writes it in YAML. */
function describe(value: unknown): string {
  if (value === '') return "''"
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`
  const fields = Object.entries(value).map(([key, inner]) => `${key}: ${describe(inner)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

function sentence(node: JsonSchema): string {
  const text = node.description ?? ''
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

if (import.meta.main) {
  const parts = [
    [referenceFile, referenceTables()],
    [tasksFile, taskTables()],
  ] as const
  writeGenerated(parts.map(([file, tables]) => [file, withReference(readFileSync(file, 'utf8'), tables)]))
}
