import { badData, DataError } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import type { Part, Samples, Targets } from '../format/samples.ts'
import { classesOf, sortedNames } from '../reading/classes.ts'
import { roomFor } from '../reading/room.ts'
import { agreedScale, type Scale, scaleInputs } from '../reading/scale.ts'
import type { Column, Columns } from './columns.ts'
import type { RowStore } from './store.ts'

/** Rows of a store that are training or test data: 0 or 1 for each. */
export interface Stored {
  readonly store: RowStore
  readonly isTest: (row: number) => 0 | 1
}

interface AssembleOptions {
  readonly file: string
  readonly scale: Scale
  readonly classes?: readonly string[] | undefined
  readonly shape?: readonly number[] | undefined
}

/** An input column, and where its numbers go. */
interface Place {
  readonly column: Column
  readonly at: number
  /** Of a category, by its index where it was read; -1 for one that the training part has not. */
  readonly order?: Int32Array
  readonly names: readonly string[]
  /** What stands in for a missing number. */
  readonly mean: number
}

/** Samples of rows that were read; the stores are empty afterwards. Throws DataError. */
export function assemble(
  stored: readonly Stored[],
  columns: Columns,
  options: AssembleOptions,
  context: DataContext,
): Samples {
  const { file } = options
  const all = columns.all
  const counts = countsOf(stored)
  const places = placesOf(stored, columns, options)
  const names = places.flatMap((place) => place.names)
  const width = names.length
  const shape = options.shape ?? [width]
  if (shape.reduce((product, length) => product * length, 1) !== width)
    throw new DataError('bad-option', `data: shape [${shape}] does not hold the ${width} inputs of a row; correct it.`)
  const labels = all.flatMap((column, index) => (column.role === 'label' ? [index] : []))
  const group = all.findIndex(({ role }) => role === 'group')
  const groups = sortedNames(all[group]?.values.keys() ?? [])
  const groupOf = orderOf(all[group]?.values, groups)
  const label = all[labels[0] ?? -1]
  const classes =
    columns.targets === 'classes' && label !== undefined
      ? classesOf(label.values.keys(), options.classes, `${file}: column "${label.name}"`)
      : undefined
  const classOf = orderOf(label?.values, classes?.names ?? [])
  const parts = counts.map((count) => emptyPart(file, count, width, columns.targets, labels.length, group >= 0))
  const filled = [0, 0]
  const unseen = all.map(() => 0)
  for (const { store, isTest } of stored)
    store.drain((block, from, row) => {
      const part = parts[isTest(row)]!
      const to = filled[isTest(row)]!++
      for (const [index, { column, at, order, mean }] of places.entries()) {
        const value = block[from + index]!
        if (order === undefined) part.inputs[to * width + at] = Number.isNaN(value) ? mean : value
        else if (value >= 0 && order[value]! >= 0) part.inputs[to * width + at + order[value]!] = 1
        else if (!column.closed) unseen[index]!++
      }
      for (const [index, from_] of labels.entries()) {
        const value = block[from + from_]!
        if (part.targets.kind === 'classes') part.targets.labels[to] = classOf[value]!
        else part.targets.values[to * labels.length + index] = value
      }
      if (part.group !== undefined) part.group[to] = groupOf[block[from + group]!]!
    })
  for (const [index, count] of unseen.entries())
    if (count > 0)
      context.teller?.note(
        `column "${all[index]!.name}": ${count} test rows have a category that no training row has, and get zeros`,
      )
  const [train, test] = parts as [Part, Part]
  const numbers = places.flatMap(({ order, at }) => (order === undefined ? [at] : []))
  const scaling = scaleInputs(options.scale, { train: train.inputs, test: test.inputs }, width, numbers)
  const agreed = {
    labels: columns.targets,
    ...(classes === undefined ? {} : { classes: classes.names }),
    inputs: places.map(({ column }) => column.name),
    ...categoriesOf(places),
    scale: agreedScale(options.scale, scaling, numbers),
  }
  return {
    shape,
    inputs: names,
    targets: columns.targets,
    outputs: classes?.names ?? labels.map((index) => all[index]!.name),
    groups,
    train,
    test,
    agreed,
    ...(scaling === undefined ? {} : { scaling }),
  }
}

/** As a specification says them; nothing when there are none. */
function categoriesOf(places: readonly Place[]): { categories?: Record<string, string[]> } {
  const found = places.filter(({ order }) => order !== undefined)
  if (found.length === 0) return {}
  const entries = found.map(({ column, names }) => [
    column.name,
    names.map((name) => name.slice(column.name.length + 1)),
  ])
  return { categories: Object.fromEntries(entries) }
}

function countsOf(stored: readonly Stored[]): [number, number] {
  const counts: [number, number] = [0, 0]
  for (const { store, isTest } of stored) for (let row = 0; row < store.count; row++) counts[isTest(row)]++
  return counts
}

function emptyPart(
  file: string,
  count: number,
  width: number,
  kind: Targets['kind'],
  outputs: number,
  grouped: boolean,
): Part {
  const targets: Targets =
    kind === 'classes'
      ? { kind, labels: new Int32Array(count) }
      : kind === 'numbers'
        ? { kind, values: new Float32Array(count * outputs) }
        : { kind, values: new Uint8Array(count * outputs) }
  const inputs = roomFor(count, width, file)
  return { inputs, targets, count, ...(grouped ? { group: new Int32Array(count) } : {}) }
}

/** For each index in a map, which place its name has in a list; -1 for none. */
function orderOf(values: ReadonlyMap<string, number> | undefined, names: readonly string[]): Int32Array {
  const places = new Map(names.map((name, place) => [name, place]))
  return Int32Array.from(values?.keys() ?? [], (name) => places.get(name) ?? -1)
}

function placesOf(stored: readonly Stored[], { all }: Columns, { file, scale }: AssembleOptions): Place[] {
  const inputs = all.filter(({ role }) => role === 'input')
  const seen = inputs.map(({ values }) => new Uint8Array(values.size))
  const sums = new Float64Array(inputs.length)
  const present = new Float64Array(inputs.length)
  for (const { store, isTest } of stored)
    store.each((block, from, row) => {
      if (isTest(row) === 1) return
      for (let index = 0; index < inputs.length; index++) {
        const value = block[from + index]!
        if (inputs[index]!.kind === 'category') {
          if (value >= 0) seen[index]![value] = 1
        } else if (!Number.isNaN(value)) {
          sums[index]! += value
          present[index]!++
        }
      }
    })
  const given = typeof scale === 'object' && 'mean' in scale ? scale.mean : undefined
  let at = 0
  let numbers = 0
  return inputs.map((column, index) => {
    if (column.kind === 'number') {
      const mean = given?.[numbers++] ?? sums[index]! / present[index]!
      if (Number.isNaN(mean))
        throw badData(`${file}: column "${column.name}"`, 'no training row has a value; leave it out of inputs')
      return { column, at: at++, names: [column.name], mean }
    }
    const found = [...column.values.keys()].filter((_, value) => seen[index]![value] === 1)
    const names = column.closed ? [...column.values.keys()] : sortedNames(found)
    const place = { column, at, order: orderOf(column.values, names), mean: 0 }
    at += names.length
    return { ...place, names: names.map((name) => `${column.name}=${name}`) }
  })
}
