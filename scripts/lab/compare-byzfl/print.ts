import type { Summary } from './compare.ts'
import { toleranceOf } from './difference.ts'
import { runCount, type SpeedLine } from './speed.ts'

const mostUnexplained = 6
const backends = ['numpy64', 'numpy32', 'torch'] as const

/** The table of differences, then what explains them, then what nothing explains. */
export function printDifferences(summaries: readonly Summary[]): string {
  const compared = summaries.filter(({ absent }) => absent === undefined)
  const header = [
    '',
    'inputs',
    ...backends.flatMap((backend) => [`${backend} abs`, 'rel']),
    'equal',
    'explained',
    'not',
  ]
  const rows = compared.map(({ name, inputs, largest, accounts, unexplained }) => {
    const equal = accounts.equal ?? 0
    const all = Object.values(accounts).reduce((sum, count) => sum + count, 0)
    return [
      name,
      String(inputs),
      ...backends.flatMap((backend) => [small(largest[backend].absolute), small(largest[backend].relative)]),
      String(equal),
      String(all - equal - unexplained.length),
      String(unexplained.length),
    ]
  })
  const { numpy64, numpy32 } = toleranceOf
  return [
    'Largest differences of Hearsay and ByzFL, over the inputs where nothing else explains them.',
    table([header, ...rows]),
    `Tolerated: ${small(numpy64)} relative to the largest number of the output when ByzFL computes in float64, ` +
      `${small(numpy32)} in float32. The absolute ones leave out inputs up to 1e30.`,
    '',
    'Intended differences:',
    ...printRemarks(compared),
    ...compared
      .filter(({ accounts }) => accounts.unjudged)
      .map(
        ({ name, accounts, without }) =>
          `  ${name}: ${accounts.unjudged} not judged, ${without} of them without a result`,
      ),
    '',
    'Not compared:',
    ...summaries.filter(({ absent }) => absent !== undefined).map(({ name, absent }) => `  ${name}: ${absent}`),
    ...summaries.flatMap(printUnexplained),
  ].join('\n')
}

/** Each remark once, after all the names that have it. */
function printRemarks(summaries: readonly Summary[]): string[] {
  const all = [...new Set(summaries.flatMap(({ remarks }) => remarks))]
  return all.map((remark) => {
    const names = summaries.filter(({ remarks }) => remarks.includes(remark)).map(({ name }) => name)
    return `  ${names.join(', ')}: ${remark}`
  })
}

function printUnexplained({ name, unexplained }: Summary): string[] {
  const lines = unexplained.slice(0, mostUnexplained).map(({ input, backend, absolute, relative, error }) => {
    const { family, n, f, d } = input
    const what = error ?? `${small(absolute)} absolute, ${small(relative)} relative`
    return `UNEXPLAINED ${name} (${backend}; ${family}, n = ${n}, f = ${f}, d = ${d}): ${what}`
  })
  const more = unexplained.length - lines.length
  return more > 0 ? [...lines, `UNEXPLAINED ${name}: ${more} more; --json has them all`] : lines
}

export function printSpeeds(lines: readonly SpeedLine[], length: number): string {
  const header = ['', 'n', 'f', 'ours, ms', 'median', 'copying in', 'numpy, ms', 'torch, ms', 'ratio', 'bar', '']
  const rows = lines
    .filter(({ oursMs }) => oursMs !== undefined)
    .map(({ name, n, f, oursMs, oursMedianMs, copyInMs, byzfl, ratio, bar, met }) => [
      name,
      String(n),
      String(f),
      oursMs!.toFixed(2),
      time(oursMedianMs),
      time(copyInMs),
      time(byzfl?.numpy32),
      time(byzfl?.torch),
      ratio === undefined ? '' : ratio.toFixed(1),
      bar ?? '',
      met === undefined ? '' : met ? 'met' : 'MISSED',
    ])
  const notes = lines.flatMap(({ name, byzfl, absent }) => [
    ...(absent === undefined ? [] : [`${name}: ${absent}`]),
    ...Object.entries(byzfl ?? {}).flatMap(([backend, value]) =>
      typeof value === 'string' ? [`${name}, ${backend}: ${value}`] : [],
    ),
  ])
  return [
    `Time at d = ${length} on one core, float32, the least of ${runCount} runs of each (of ours the median too). Neither has to ` +
      'gather its input: ours is in kernel memory, where a peer receives updates, and copying it there is shown apart; ' +
      "ByzFL's is one array. The ratio is of its better time to ours.",
    table([header, ...rows]),
    ...notes,
  ].join('\n')
}

function time(value: number | string | undefined): string {
  return value === undefined ? '' : typeof value === 'number' ? value.toFixed(1) : '–'
}

function small(value: number): string {
  return value === 0 ? '0' : Number.isFinite(value) ? value.toExponential(1) : '∞'
}

/** Columns padded to their widest cell: the first to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}
