import { tasks } from '@hearsay/training/schema'
import { z } from 'zod'
import { ofRegistered } from './registries.ts'
import { parametersSchema, scenarioSchema } from './schema.ts'
import { shortForms } from './short-forms.ts'

/** The part of JSON Schema that zod writes for a scenario. */
export interface JsonSchema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  description?: string
  properties?: Record<string, JsonSchema>
  items?: JsonSchema | JsonSchema[] | false
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  additionalProperties?: JsonSchema | boolean
  [keyword: string]: unknown
}

// Draft 7 is what the YAML language server of editors knows best.
const options = { io: 'input', target: 'draft-7' } as const

export const parametersJsonSchema = ofRegistered(() => {
  const schema = z.toJSONSchema(parametersSchema(), options) as JsonSchema
  allowModule(schema)
  return schema
})

/** The JSON Schema that editors complete and check scenarios with. */
export const scenarioJsonSchema = ofRegistered((): JsonSchema => {
  const schema = z.toJSONSchema(scenarioSchema(), options) as JsonSchema
  const properties: Record<string, JsonSchema> = { label: { type: 'string', description: 'names the cell' } }
  for (const [path, node] of parameterPaths(parametersJsonSchema())) {
    properties[path] = { description: node.description ?? path }
  }
  const whereProperties = {
    ...properties,
    malicious: { description: 'how many peers lie' },
    excess: { description: 'how many more peers lie than are tolerated' },
  }
  const sweep = schema.properties!.sweep!
  for (const node of sweep.anyOf!) closeKeys(node.type === 'array' ? (node.items as JsonSchema) : node, properties)
  const expectation = schema.properties!.expect!.items as JsonSchema
  const panels = branches(schema.properties!.plot!).flatMap((node) => [node, ...branches(listItems(node))])
  for (const node of [expectation, ...panels])
    if (node.properties?.where !== undefined) closeKeys(node.properties.where, whereProperties)
  for (const [section, field] of shortForms) allowShort(schema.properties!, section, field)
  for (const node of branches(schema.properties!.task!)) allowImplied(node)
  allowModule(schema)
  // With trust it follows from the weights.
  const required = (schema.required as string[]).filter((field) => field !== 'tolerated')
  return { ...schema, required, title: 'Hearsay scenario' }
})

function listItems({ items }: JsonSchema): JsonSchema {
  return items === undefined || items === false || Array.isArray(items) ? {} : items
}

/** A section may be a word: that of its one field. */
function allowShort(properties: Record<string, JsonSchema>, section: string, field: string): void {
  const node = properties[section]!
  const words = branches(node).flatMap((branch): JsonSchema[] => {
    const word = branch.properties?.[field]
    return word === undefined ? [] : [word]
  })
  const known = words.flatMap((word) => word.enum ?? (word.const === undefined ? [] : [word.const]))
  const { description, default: preset, ...long } = node
  properties[section] = {
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined ? {} : { default: preset }),
    anyOf: [{ enum: known, description: `short for a map with only this \`${field}\`` }, long],
  }
}

/** A task that one of its fields implies need not say its kind. */
function allowImplied(node: JsonSchema): void {
  const name = node.properties?.kind?.const
  if (typeof name !== 'string' || tasks.get(name)?.impliedBy === undefined) return
  node.required = (node.required as string[]).filter((field) => field !== 'kind')
}

/** A task may be that of a module, which alone knows what else is said of it. */
function allowModule({ properties }: JsonSchema): void {
  const description = 'TypeScript file that exports a list `tasks`'
  const module: JsonSchema = { type: 'string', description }
  const { task } = properties!
  const kind: JsonSchema = { type: 'string', description: 'which of its tasks, if it brings several' }
  const summary = 'the task of a module of your own, and what it says of it: [models](models.md)'
  task!.oneOf!.push({ description: summary, type: 'object', properties: { module, kind }, required: ['module'] })
}

function closeKeys(node: JsonSchema, properties: Record<string, JsonSchema>): void {
  delete node.propertyNames
  node.properties = properties
  node.additionalProperties = false
  // List elements have a path too (`adversaries.0.count`), which no list of names can enumerate.
  node.patternProperties = { '\\.\\d+(\\.|$)': {} }
}

/** Every dotted path of a parameter with its schema, parents before children; without those inside lists. */
export function parameterPaths(root: JsonSchema, prefix = ''): Map<string, JsonSchema> {
  const paths = new Map<string, JsonSchema>()
  for (const branch of branches(root)) {
    for (const [key, child] of Object.entries(branch.properties ?? {})) {
      const path = prefix + key
      if (!paths.has(path)) paths.set(path, child)
      for (const [inner, node] of parameterPaths(child, `${path}.`)) if (!paths.has(inner)) paths.set(inner, node)
    }
  }
  return paths
}

/** A schema's alternatives, itself included: what a value there may look like. */
export function branches(node: JsonSchema): JsonSchema[] {
  const alternatives = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]
  return [node, ...alternatives.flatMap(branches)]
}

/** All schemas that may stand at `path`; none when the path is unknown. */
export function schemasAt(root: JsonSchema, path: readonly PropertyKey[]): JsonSchema[] {
  let nodes = branches(root)
  for (const segment of path) nodes = nodes.flatMap((node) => childrenAt(node, segment)).flatMap(branches)
  return nodes
}

function childrenAt(node: JsonSchema, segment: PropertyKey): JsonSchema[] {
  const key = String(segment)
  const children: JsonSchema[] = []
  if (node.properties && Object.hasOwn(node.properties, key)) children.push(node.properties[key]!)
  else if (typeof node.additionalProperties === 'object') children.push(node.additionalProperties)
  // Any JSON, and any JSON within it.
  if (node.$ref !== undefined) children.push(node)
  if (node.items && /^\d+$/.test(key)) {
    const item = Array.isArray(node.items) ? node.items[Number(key)] : node.items
    if (item) children.push(item)
  }
  return children
}

/** Names of all fields that may stand in the map at `path`, sorted. */
export function keysAt(root: JsonSchema, path: readonly PropertyKey[]): string[] {
  const keys = new Set(schemasAt(root, path).flatMap((node) => Object.keys(node.properties ?? {})))
  return [...keys].sort()
}
