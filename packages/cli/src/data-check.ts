import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { plain } from '@hearsay/catalogue/words'
import type { DataSpec, Report } from '@hearsay/data'
import type { Command } from 'commander'
import { collect } from './assignments.ts'
import { CommandError } from './command-error.ts'

interface CheckFlags {
  readonly kind?: string
  readonly label?: string
  readonly set: readonly string[]
  readonly json?: boolean
  readonly agreed?: boolean
}

/** `hearsay data check`. */
export function addDataCheck(data: Command): void {
  data
    .command('check')
    .description(
      'read data and say what was understood: rows, shapes, classes, what is missing, each fault with its place',
    )
    .argument(
      '<path>',
      'a file, a folder, a data set by name, a .yaml of what stands under data, or a scenario with task.data',
    )
    .option('--label <column>', 'the column of labels, of a table; several with commas between')
    .option('--kind <format>', 'table, images, arrays, idx or ratings; guessed by the path when left out')
    .option('--set <field=value>', 'any other field of data; may be repeated', collect, [])
    .option(
      '--agreed',
      'print what a genesis would have to say so that the files of all peers are understood in this way',
    )
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      `
Nothing is written. What is read is what a scenario or a genesis has under task.data: this command prints that too, to be
copied. Exit code: 0 when there is no fault, 1 when there is one, 2 when nothing can be read.

  PATH                      is taken for
  *.csv *.tsv *.parquet     a table, with a column of labels
  *.npz                     arrays of inputs and labels
  folder of IDX files       idx, as MNIST
  folder of folders         images, a folder for each class; or train/ and test/ with those
  *.yaml                    what it says: data itself, or a scenario's task.data
  a name                    the data set that hearsay data fetch has got

Examples:
  hearsay data check people.csv --label income
  hearsay data check people.csv --label income --set missing=mean --set group=country
  hearsay data check ratings.csv --kind ratings --set user=userId --set item=movieId
  hearsay data check pictures/ --json | jq '.[].samples.outputs'`,
    )
    .action(check)
}

async function check(path: string, flags: CheckFlags): Promise<void> {
  // Only here: help need not wait for it.
  const { checkData } = await import('@hearsay/data')
  const { base, specs } = await specsOf(path, flags)
  const reports = []
  for (const { said, spec } of specs) reports.push({ spec: said, report: await checkData(spec, { base }) })
  if (flags.json)
    process.stdout.write(
      `${JSON.stringify(
        reports.map(({ spec, report }) => ({ spec, ...report })),
        null,
        2,
      )}\n`,
    )
  else for (const { spec, report } of reports) process.stdout.write(plain(inWords(spec, report, flags.agreed === true)))
  const read = reports.every(({ report }) => report.samples !== undefined || report.ratings !== undefined)
  process.exitCode = !read ? 2 : reports.some(({ report }) => report.faultCount > 0) ? 1 : 0
}

/** A specification as it is said, and with its defaults. */
interface Said {
  readonly said: DataSpec
  readonly spec: DataSpec
}

/** What is to be read, and against which folder its paths stand. */
async function specsOf(path: string, flags: CheckFlags): Promise<{ base: string; specs: Said[] }> {
  const { dataSchema } = await import('@hearsay/data')
  const found = statSync(path, { throwIfNoEntry: false })
  const byName = { kind: 'named', name: path } as const
  if (found === undefined && !dataSchema().safeParse(byName).success)
    throw new CommandError(`${path}: there is no such file, folder or data set; correct it.`)
  const said = { ...(await fieldsOf(flags.set)), ...labelOf(flags.label) }
  const given =
    found === undefined
      ? { base: '.', data: [byName] }
      : /\.(ya?ml|json)$/i.test(path)
        ? { base: dirname(path), data: await writtenIn(path) }
        : { base: '.', data: [await guessed(path, found.isDirectory(), flags)] }
  const specs = given.data.map((data) => {
    const whole = { ...data, ...said } as DataSpec
    const parsed = dataSchema().safeParse(whole)
    if (parsed.success) return { said: whole, spec: parsed.data }
    const { path: place, message } = parsed.error.issues[0]!
    throw new CommandError(`${path}: data${place.map((key) => `.${String(key)}`).join('')}: ${message}.`)
  })
  return { base: given.base, specs }
}

/** Values as in a .yaml: `inputs=[age, city]`. */
export async function fieldsOf(words: readonly string[]): Promise<object> {
  const { parseSource } = await import('@hearsay/scenario')
  const fields = words.map((word) => {
    const equals = word.indexOf('=')
    if (equals < 1) throw new CommandError(`--set: expected field=value, found "${word}".`)
    return [word.slice(0, equals), parseSource(word.slice(equals + 1), `--set ${word}`).data] as const
  })
  return Object.fromEntries(fields)
}

function labelOf(label: string | undefined): object {
  if (label === undefined) return {}
  return { label: label.includes(',') ? label.split(',').map((each) => each.trim()) : label }
}

/** What a .yaml says of data: itself, under data, under task.data, or in the cells of a scenario. */
async function writtenIn(file: string): Promise<object[]> {
  const { loadScenario, parseSource } = await import('@hearsay/scenario')
  const text = readFileSync(file, 'utf8')
  const top = (parseSource(text, file).data ?? {}) as Readonly<Record<string, unknown>>
  const tasks =
    'question' in top ? loadScenario(text, { file }).cells.map(({ parameters }) => parameters.task) : [top.task]
  const said =
    typeof top.kind === 'string'
      ? [top]
      : [top.data, ...tasks.map((task) => (task as { data?: unknown } | undefined)?.data)]
  const data = new Map(
    said.filter((each) => typeof each === 'object' && each !== null).map((each) => [JSON.stringify(each), each]),
  )
  if (data.size > 0) return [...data.values()] as object[]
  throw new CommandError(`${file}: it says nothing of data; write data: { kind: table, train: FILE, label: COLUMN }.`)
}

async function guessed(path: string, folder: boolean, { kind, label }: CheckFlags): Promise<object> {
  const { formats } = await import('@hearsay/data')
  const name = kind ?? (folder ? kindOfFolder(path) : kindOfFile(path))
  const format = formats.find(name)
  const fields = format.at?.(path, {})
  if (fields === undefined)
    throw new CommandError(`${path}: the format ${name} is said in a .yaml; write data: { kind: ${name}, … } there.`)
  if (name === 'images' && kind === undefined) return { kind: name, ...partsOf(path, fields) }
  if (name === 'table' && label === undefined)
    throw new CommandError(`${path}: say which column has the labels: --label COLUMN.`)
  return { kind: name, ...fields }
}

function kindOfFile(path: string): string {
  if (/\.npz$/i.test(path)) return 'arrays'
  if (/\.npy$/i.test(path))
    throw new CommandError(
      `${path}: it has inputs or labels only; write data: { kind: arrays, train: { inputs: FILE, labels: FILE } } into a .yaml.`,
    )
  if (/ubyte(\.gz)?$|\.idx$/i.test(path))
    throw new CommandError(`${path}: it has inputs or labels only; name the folder of the four files.`)
  if (/\.(png|jpe?g)$/i.test(path))
    throw new CommandError(`${path}: it is one picture; name the folder that has a folder for each class.`)
  return 'table'
}

function kindOfFolder(path: string): string {
  return readdirSync(path).some((name) => /-idx\d-/.test(name)) ? 'idx' : 'images'
}

/** Training and test data, where a folder has both. */
function partsOf(path: string, fields: object): object {
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  const both = names.length === 2 && names.includes('train') && names.includes('test')
  return both ? { train: `${path}/train`, test: `${path}/test` } : fields
}

const mostShown = 20

function inWords(spec: DataSpec, report: Report, agreed: boolean): string {
  const lines: string[] = []
  const say = (what: string, text: string) => void lines.push(`${what.padEnd(10)}${text}`)
  const count = (number: number) => number.toLocaleString('en')
  const { samples, ratings, notes, faults, faultCount } = report
  say('format', spec.kind)
  if (ratings !== undefined) {
    say(
      'ratings',
      `${count(ratings.train)} for training, ${count(ratings.test)} for tests, from ${ratings.least} to ${ratings.greatest}`,
    )
    say('by', `${count(ratings.users)} users of ${count(ratings.items)} items`)
  }
  if (samples !== undefined) {
    const { inputs, outputs, shape, targets, groups } = samples
    say('rows', `${count(samples.train)} for training, ${count(samples.test)} for tests`)
    const names = inputs.names.length === 0 ? '' : `: ${some(inputs.names)}`
    say('inputs', `${shape.join(' × ')} numbers, from ${short(inputs.least)} to ${short(inputs.greatest)}${names}`)
    say(
      'labels',
      `${outputs.length} ${targets === 'numbers' ? (outputs.length === 1 ? 'number' : 'numbers') : targets}`,
    )
    const width = Math.max(...outputs.slice(0, mostShown).map(({ name }) => name.length))
    for (const output of outputs.slice(0, mostShown)) {
      const { name, train, test, least, mean, greatest } = output
      const told =
        mean === undefined
          ? `${count(train)} for training, ${count(test)} for tests`
          : `from ${short(least!)} to ${short(greatest!)}, ${short(mean)} in the mean`
      say('', `${name.padEnd(width)}  ${told}`)
    }
    if (outputs.length > mostShown) say('', `and ${outputs.length - mostShown} more; --json tells all`)
    if (groups !== undefined)
      say('groups', `${count(groups.count)}, of ${count(groups.least)} to ${count(groups.greatest)} training rows`)
  }
  for (const [index, note] of notes.entries()) say(index === 0 ? 'notes' : '', note)
  for (const [index, fault] of faults.entries()) say(index === 0 ? 'faults' : '', fault)
  if (faultCount > faults.length) say('', `and ${count(faultCount - faults.length)} more`)
  const data = { ...spec, ...(agreed ? report.agreed : {}) }
  lines.push('', 'In a scenario:', `  task: ${JSON.stringify({ data })}`)
  return `${lines.join('\n')}\n`
}

function some(names: readonly string[]): string {
  return names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`
}

function short(number: number): string {
  return String(Number(number.toPrecision(4)))
}
