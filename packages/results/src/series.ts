import type { Parameters, SummaryCell } from '@hearsay/scenario'
import {
  describeAgreement,
  describeBehaviour,
  describeValue,
  endOfRounds,
  lyingGroups,
  partitionsOf,
} from '@hearsay/scenario'

/** Cells of a sweep that differ only in how many lie: one line of a plot. */
export interface Series {
  readonly name: string
  /** By rising number of liars. */
  readonly cells: readonly SummaryCell[]
}

/**
 * Groups cells by what the liars do, by what else differs from the first cell, and by partitions. A cell without liars
 * begins every series that is otherwise the same; one that was never divided, where none was divided alike.
 */
export function seriesOf(cells: readonly SummaryCell[]): Series[] {
  const first = cells[0]
  if (first === undefined) return []
  const groups = new Map<string, Group>()
  for (const cell of cells) {
    const behaviour = behaviourOf(cell.parameters)
    const variant = variantOf(cell.parameters, first.parameters)
    const partitions = describeValue(partitionsOf(cell.parameters))
    const key = JSON.stringify([behaviour, variant, partitions])
    const group = groups.get(key) ?? { behaviour, variant, partitions, cells: [] }
    group.cells.push(cell)
    groups.set(key, group)
  }
  const all = [...groups.values()]
  const honest = all.filter((group) => group.behaviour === '')
  const lying = all.filter((group) => group.behaviour !== '')
  const starts = new Map(lying.map((group) => [group, startOf(group, honest)]))
  const used = new Set(starts.values())
  return all
    .filter((group) => group.behaviour !== '' || !used.has(group))
    .sort((a, b) => Number(a.behaviour !== '') - Number(b.behaviour !== ''))
    .map((group) => ({
      name: nameOf(group, all),
      cells: [...(starts.get(group)?.cells ?? []), ...group.cells].sort((a, b) => a.malicious - b.malicious),
    }))
}

interface Group {
  readonly behaviour: string
  readonly variant: string
  readonly partitions: string
  readonly cells: SummaryCell[]
}

/** Of cells without liars, those that begin a series. */
function startOf({ variant, partitions }: Group, honest: readonly Group[]): Group | undefined {
  const alike = honest.filter((group) => group.variant === variant)
  return alike.find((group) => group.partitions === partitions) ?? alike.find((group) => group.partitions === '[]')
}

/** Partitions are told where series differ in nothing else. */
function nameOf({ behaviour, variant, partitions }: Group, all: readonly Group[]): string {
  const alike = all.filter((group) => group.behaviour === behaviour && group.variant === variant)
  const told = alike.length > 1 && partitions !== '[]' ? `partitions ${partitions}` : ''
  return [behaviour === '' ? 'no liars' : behaviour, variant, told].filter((part) => part !== '').join(', ')
}

/** `sign-flip (scale 10)`, several behaviours joined by +, empty without liars. */
export function behaviourOf(parameters: Parameters): string {
  return lyingGroups(parameters).map(describeBehaviour).join(' + ')
}

/** What a cell has other than `base`, adversaries and partitions aside: `mean`, `momentum 0.5`. */
export function variantOf(parameters: Parameters, base: Parameters): string {
  const { adversaries: _, partitions: __, agreement, ...own } = withoutVouches(parameters, parameters)
  // Of one kind that certifies, what differs is told; else what it is.
  const exact = agreement.kind === base.agreement.kind && endOfRounds([agreement, base.agreement]) === 'certified'
  const same = JSON.stringify(agreement) === JSON.stringify(base.agreement)
  const differing = differences(exact ? { agreement, ...own } : own, withoutVouches(base, parameters), []).map(
    describeDifference,
  )
  return [...(exact || same ? [] : [describeAgreement(agreement)]), ...differing].join(', ')
}

/** Who vouches for whom is long, and what follows from it too: by which method, and what was bought, is enough. */
function withoutVouches(parameters: Parameters, { trust }: Parameters): Parameters {
  if (trust === undefined) return parameters
  const { weights: _, tolerated: __, trust: own = { ...trust, method: '', bought: 0 }, ...others } = parameters
  return { ...others, trust: { ...own, preTrusted: [], vouches: [] } } as unknown as Parameters
}

function describeDifference({ path, value }: { readonly path: string; readonly value: unknown }): string {
  return path === 'aggregation.rule' ? describeValue(value) : `${path} ${describeValue(value)}`
}

function differences(own: unknown, base: unknown, path: readonly string[]): { path: string; value: unknown }[] {
  if (JSON.stringify(own) === JSON.stringify(base)) return []
  if (!isMap(own) || !isMap(base)) return [{ path: path.join('.'), value: own }]
  return Object.keys(own).flatMap((key) => differences(own[key], base[key], [...path, key]))
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
