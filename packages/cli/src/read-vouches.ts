import { readFileSync, statSync } from 'node:fs'
import { textRows } from '@hearsay/data/text-rows'
import { mostPeers, mostVouches, type Vouch, vouchFaults } from '@hearsay/trust'
import { CommandError } from './command-error.ts'

/** Vouches of a file: `names` by index, in order, so that the order of the file touches no bit. */
export interface VouchFile {
  readonly names: readonly string[]
  readonly vouches: readonly Vouch[]
  readonly preTrusted: readonly string[]
}

/** One as it is written, and where. */
interface Written {
  /** Found only for what is wrong. */
  place(): string
  readonly from: unknown
  readonly to: unknown
  readonly weight: unknown
}

interface Read {
  readonly written: readonly Written[]
  readonly preTrusted: readonly string[]
}

/** A name is printed, drawn and put into a roster. */
const namePattern = /^[^\p{Cc}\p{Cf}]{1,64}$/u
const yamlBytesMost = 8 * 1024 * 1024
const faultsTold = 5

/** Who vouches for whom: a CSV of from,to[,weight], or a YAML of preTrusted and vouches. Throws CommandError. */
export async function readVouches(file: string): Promise<VouchFile> {
  const { written, preTrusted } = /\.(ya?ml|json)$/i.test(file) ? await fromYaml(file) : await fromCsv(file)
  const pairs = written.map(({ place, from, to, weight }) => ({
    from: nameAt(place, 'from', from),
    to: nameAt(place, 'to', to),
    weight: weightAt(place, weight),
  }))
  const names = [...new Set([...pairs.flatMap(({ from, to }) => [from, to]), ...preTrusted])].sort()
  if (names.length > mostPeers)
    throw new CommandError(`${file}: it names ${names.length} peers, more than ${mostPeers}; divide it.`)
  const index = new Map(names.map((name, at) => [name, at]))
  const vouches = pairs.map(({ from, to, weight }) => ({ from: index.get(from)!, to: index.get(to)!, weight }))
  const faults = vouchFaults(names.length, vouches)
  if (faults.length > 0) {
    const told = faults.slice(0, faultsTold).map(({ index: at, message }) => {
      const named = message.replace(/(peer|for) (\d+)/g, (_, word, peer) => `${word} ${names[Number(peer)]}`)
      return `${written[at]!.place()}: ${named}.`
    })
    const more = faults.length > faultsTold ? [`${file}: and ${faults.length - faultsTold} more such vouches.`] : []
    throw new CommandError([...told, ...more].join('\n'))
  }
  return { names, vouches, preTrusted }
}

async function fromCsv(file: string): Promise<Read> {
  const written: Written[] = []
  let columns: readonly string[] | undefined
  for await (const rows of textRows(file, ',', { base: '.' }))
    for (const { line, fields } of rows) {
      const place = () => `${file}:${line}`
      if (columns === undefined) {
        columns = fields.map((field) => field.trim())
        if (!/^from,to(,weight)?$/.test(columns.join()))
          throw new CommandError(`${place()}: expected the columns from,to or from,to,weight, found ${columns.join()}.`)
        continue
      }
      if (fields.length !== columns.length)
        throw new CommandError(`${place()}: expected ${columns.join()}, found ${fields.length} fields.`)
      const [from, to, weight] = fields.map((field) => field.trim())
      written.push({ place, from, to, weight: weight === undefined || weight === '' ? undefined : Number(weight) })
      checkCount(file, written.length)
    }
  return { written, preTrusted: [] }
}

async function fromYaml(file: string): Promise<Read> {
  const { size } = statSync(file)
  if (size > yamlBytesMost) throw new CommandError(`${file}: it has ${size} bytes; write so many vouches as a CSV.`)
  const { parseSource } = await import('@hearsay/scenario')
  const source = parseSource(readFileSync(file, 'utf8'), file)
  const at = (...path: PropertyKey[]) => {
    const { line, column } = source.position(path)
    return `${file}:${line}:${column}`
  }
  const top = mapOf(source.data)
  if (top === undefined) throw new CommandError(`${file}: write preTrusted: [NAME, …] and vouches: [[FROM, TO], …].`)
  const strange = Object.keys(top).find((key) => key !== 'preTrusted' && key !== 'vouches')
  if (strange !== undefined)
    throw new CommandError(`${at(strange)}: unknown field "${strange}"; there are preTrusted and vouches.`)
  const { preTrusted = [], vouches = [] } = top
  if (!Array.isArray(preTrusted)) throw new CommandError(`${at('preTrusted')}: expected a list of names.`)
  if (!Array.isArray(vouches)) throw new CommandError(`${at('vouches')}: expected a list of [FROM, TO].`)
  checkCount(file, vouches.length)
  const written = vouches.map((one: unknown, index): Written => {
    const place = () => at('vouches', index)
    const { from, to, weight } = (Array.isArray(one) ? { from: one[0], to: one[1], weight: one[2] } : mapOf(one)) ?? {}
    if (from === undefined || to === undefined || (Array.isArray(one) && one.length > 3))
      throw new CommandError(`${place()}: expected [FROM, TO] or [FROM, TO, WEIGHT].`)
    return { place, from, to, weight }
  })
  return { written, preTrusted: preTrusted.map((name, index) => nameAt(() => at('preTrusted', index), 'a peer', name)) }
}

function checkCount(file: string, count: number): void {
  if (count > mostVouches) throw new CommandError(`${file}: it has more than ${mostVouches} vouches; divide it.`)
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}

function nameAt(place: () => string, what: string, value: unknown): string {
  const name = typeof value === 'number' ? String(value) : value
  if (typeof name === 'string' && namePattern.test(name)) return name
  throw new CommandError(`${place()}: ${what} must be a name of 1 to 64 characters without control characters.`)
}

function weightAt(place: () => string, value: unknown): number {
  if (value === undefined) return 1
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new CommandError(`${place()}: weight must be a number, 1 when left out.`)
}
