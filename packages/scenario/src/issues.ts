import { suggestion } from '@hearsay/catalogue'
import type { z } from 'zod'
import type { Finding } from './finding.ts'
import { branches, type JsonSchema, schemasAt } from './json-schema.ts'
import { getPath } from './parameter-path.ts'

type Issue = z.core.$ZodIssue

/** Findings of a failed parse of `input`, in the order of the schema. */
export function findingsOf(issues: readonly Issue[], input: unknown, schema: JsonSchema): Finding[] {
  return issues.flatMap((issue) => findingsOfIssue(issue, [], input, schema))
}

function findingsOfIssue(issue: Issue, base: PropertyKey[], input: unknown, schema: JsonSchema): Finding[] {
  const path = [...base, ...issue.path]
  const value = getPath(input, path)
  const finding = (message: string): Finding[] => [{ path, message }]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key, value, schema))
    case 'invalid_union':
      return unionFindings(issue, path, value, input, schema)
    case 'invalid_value':
      return finding(expectedOneOf(issue.values, value))
    case 'invalid_type':
      return finding(
        value === undefined
          ? `missing; expected ${issue.expected}`
          : `expected ${issue.expected}, found ${show(value)}`,
      )
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array')
        return finding(sized('at least', issue.minimum, issue.origin))
      return finding(`must be ${issue.inclusive ? 'at least' : 'greater than'} ${issue.minimum}, found ${show(value)}`)
    case 'too_big':
      if (issue.origin === 'string' || issue.origin === 'array')
        return finding(sized('at most', issue.maximum, issue.origin))
      return finding(`must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}, found ${show(value)}`)
    default:
      return finding(`${issue.message}, found ${show(value)}`)
  }
}

function unknownKey(path: PropertyKey[], key: string, value: unknown, schema: JsonSchema): Finding {
  const places = schemasAt(schema, path).filter((node) => node.properties !== undefined)
  const here = knownKeys(places.filter((node) => fits(node, value)))
  const anywhere = knownKeys(places)
  const foreign = `belongs to another kind of ${String(path.findLast((segment) => typeof segment === 'string'))}`
  const what = anywhere.includes(key) ? foreign : `unknown field${suggestion(key, anywhere)}`
  const known = here.length > 0 ? `known here: ${here.join(', ')}` : 'no fields are known here'
  return { path: [...path, key], at: 'key', message: `${what} (${known})` }
}

function knownKeys(nodes: JsonSchema[]): string[] {
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))].sort()
}

/** Whether a map is of this alternative of a union: its constants (`kind`, `behaviour`, …) are the value's. */
function fits(node: JsonSchema, value: unknown): boolean {
  return Object.entries(node.properties ?? {}).every(([key, child]) => {
    if (child.const === undefined) return true
    const found = getPath(value, [key])
    return found === child.const || (found === undefined && !(node.required as string[] | undefined)?.includes(key))
  })
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>

function unionFindings(
  issue: UnionIssue,
  path: PropertyKey[],
  value: unknown,
  input: unknown,
  schema: JsonSchema,
): Finding[] {
  const { discriminator, options } = issue as UnionIssue & { discriminator?: string; options?: unknown[] }
  if (discriminator !== undefined) {
    const known = (options ?? discriminatorValues(schema, path)).filter((option) => option !== undefined)
    return [{ path, message: expectedOneOf(known, value) }]
  }
  // Of several alternatives, the one that got furthest says best what is wrong.
  const alternatives = issue.errors.filter((errors) => errors.length > 0)
  const furthest = alternatives.toSorted((a, b) => progress(b) - progress(a))[0]
  if (furthest === undefined) return [{ path, message: `not understood: ${show(value)}` }]
  if (progress(furthest) > 0) return furthest.flatMap((inner) => findingsOfIssue(inner, path, input, schema))
  const expected = alternatives.map((errors) => expectation(errors[0]!))
  const words = alternatives.flatMap((errors) =>
    errors.flatMap((error) => (error.code === 'invalid_value' ? error.values : [])),
  )
  const near = typeof value === 'string' ? suggestion(value, words.map(String)) : ''
  return [{ path, message: `expected ${[...new Set(expected)].join(' or ')}, found ${show(value)}${near}` }]
}

/** 0 when an alternative already failed on the kind of the value as a whole. */
function progress(errors: readonly Issue[]): number {
  const first = errors[0]!
  return first.path.length > 0 || !['invalid_type', 'invalid_value', 'invalid_union'].includes(first.code) ? 1 : 0
}

function discriminatorValues(schema: JsonSchema, path: PropertyKey[]): unknown[] {
  return schemasAt(schema, path).flatMap((node) => branches(node).map((branch) => branch.const))
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type') return `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`
  if (issue.code === 'invalid_value') return issue.values.join(', ')
  return issue.message
}

function expectedOneOf(values: readonly unknown[], found: unknown): string {
  const options = values.map(String)
  const expected = options.length === 1 ? `expected ${options[0]}` : `expected one of ${options.join(', ')}`
  if (found === undefined) return `missing; ${expected}`
  return `${expected}, found ${show(found)}${typeof found === 'string' ? suggestion(found, options) : ''}`
}

function sized(bound: string, size: unknown, origin: string): string {
  return `must have ${bound} ${String(size)} ${origin === 'string' ? 'characters' : 'elements'}`
}

/** A value as an error shows it: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
