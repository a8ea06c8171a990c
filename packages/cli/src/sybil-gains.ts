import { sybilVouches, trustMethods, trustOf, Vouches } from '@hearsay/trust'
import { assignmentsOf } from './assignments.ts'
import { CommandError } from './command-error.ts'
import type { VouchFile } from './read-vouches.ts'

/** What so many sybils have of all trust, by method; `heads` is what they have where heads are counted. */
export interface SybilGain {
  readonly sybils: number
  readonly shares: Readonly<Record<string, number>>
}

interface Question {
  readonly read: VouchFile
  readonly preTrusted: readonly number[]
  readonly flags: {
    readonly method?: string
    readonly option: readonly string[]
    readonly sybils?: string
    readonly bought: number
  }
}

const sybilsMost = 900

/** For each count of `--sybils`, by the method that is named or by all. */
export function gainsOf({ read: { names, vouches }, preTrusted, flags }: Question): SybilGain[] {
  const options = assignmentsOf(flags.option, '--option')
  const methods = flags.method === undefined ? [...trustMethods.keys()] : [flags.method]
  if (flags.method === undefined && flags.option.length > 0)
    throw new CommandError('--option: say of which method: --method NAME.')
  return countsOf(flags.sybils!).map((sybils) => {
    const count = names.length + sybils
    const shareOf = (method: string, back: boolean): number => {
      const theirs = sybilVouches({ honest: names.length, sybils, bought: flags.bought, back })
      const { trust } = trustOf({ ...options, method }, Vouches.of(count, [...vouches, ...theirs]), preTrusted)
      const all = trust.reduce((sum, each) => sum + each, 0)
      return all === 0 ? 0 : trust.slice(names.length).reduce((sum, each) => sum + each, 0) / all
    }
    // Whichever serves them better.
    const shares = methods.map((method) => [method, Math.max(shareOf(method, false), shareOf(method, true))])
    return { sybils, shares: { heads: sybils / count, ...Object.fromEntries(shares) } }
  })
}

function countsOf(text: string): number[] {
  const counts = text.split(',').map(Number)
  if (counts.length <= 100 && counts.every((count) => Number.isSafeInteger(count) && count >= 1 && count <= sybilsMost))
    return counts
  throw new CommandError(`--sybils ${text.slice(0, 50)}: expected counts from 1 to ${sybilsMost} with commas between.`)
}
