/** Who pauses in which round of a cell: by a schedule, by chance, by what the model is, or by all of these. */
import { namedStream } from '@hearsay/catalogue/random'
import { z } from 'zod'
import type { Finding } from './finding.ts'

const round = (description: string) => z.int().min(1).max(1_000_000).describe(description)
const bound = (description: string) => z.number().optional().describe(description)

const pauseSchema = z
  .strictObject({
    peers: z
      .array(z.int().min(0).max(9_999).describe('a peer, 0 … peers − 1; liars are the last ones'))
      .min(1)
      .max(10_000)
      .describe('each of them, by itself'),
    rounds: z
      .array(round('a round'))
      .min(1)
      .max(10_000)
      .optional()
      .describe('in these rounds; in all of them, when left out'),
    fromRound: round('not before this round').default(1),
    untilRound: round('not after this round').optional(),
    probability: z.number().min(0).max(1).default(1).describe('θ, drawn for each peer and round by itself'),
    when: z
      .strictObject({
        of: z
          .union([
            z.literal('norm'),
            z
              .int()
              .min(0)
              .max(2 ** 31 - 1),
          ])
          .describe('the length of the vector of parameters, or one of them by its index, from 0'),
        above: bound('only while it is above this'),
        below: bound('only while it is below this'),
      })
      .optional()
      .describe('a condition on the model that the round begins with'),
    backTo: round(
      'they ask to go back to the model that this round ended with, at most five rounds before; the network does when those who ask weigh more than (n + f) / 2',
    ).optional(),
  })
  .describe('peers that pause: they announce a pause in place of an update, and go on afterwards')

export const pausesSchema = z
  .array(pauseSchema)
  .min(1)
  .max(1_000)
  .describe('who pauses when; how a network takes it is `agreement.pauses`')

export type Pause = z.output<typeof pauseSchema>

/** By which of them a peer, by index, pauses in a round that begins with this model, if it does; undefined if it never does. */
export function pausesOf(
  pauses: readonly Pause[] | undefined,
  peer: number,
  seed: number,
): ((round: number, model: Float32Array) => Pause | undefined) | undefined {
  const own = (pauses ?? []).flatMap((pause, at) => (pause.peers.includes(peer) ? [{ ...pause, at }] : []))
  if (own.length === 0) return undefined
  return (round, model) =>
    own.find(({ at, rounds, fromRound, untilRound = Number.POSITIVE_INFINITY, probability, when }) => {
      if (round < fromRound || round > untilRound || rounds?.includes(round) === false) return false
      if (when !== undefined && !holds(when, model)) return false
      return probability >= 1 || namedStream('pauses', seed, at, peer, round).uniform() < probability
    })
}

function holds({ of, above, below }: NonNullable<Pause['when']>, model: Float32Array): boolean {
  const value = of === 'norm' ? Math.sqrt(model.reduce((sum, each) => sum + each * each, 0)) : (model[of] ?? Number.NaN)
  return (above === undefined || value > above) && (below === undefined || value < below)
}

/** Why these ask for what a model of so many parameters has not; undefined if they do not. */
export function faultOfConditions(pauses: readonly Pause[] | undefined, length: number): string | undefined {
  for (const [at, { when }] of (pauses ?? []).entries())
    if (typeof when?.of === 'number' && when.of >= length)
      return `pauses.${at}.when.of: the model has parameters 0 to ${length - 1}, found ${when.of}`
  return undefined
}

/** Peers of a run hold the newest models, and these surely. */
const roundsHeld = 5

function faultOfBack({ backTo, fromRound, untilRound, rounds = [] }: Pause): string | undefined {
  if (backTo === undefined) return undefined
  const first = rounds.length === 0 ? fromRound : Math.max(fromRound, Math.min(...rounds))
  const last = rounds.length === 0 ? untilRound : Math.min(untilRound ?? Number.POSITIVE_INFINITY, Math.max(...rounds))
  if (last !== undefined && backTo < first && last - backTo <= roundsHeld) return undefined
  const which =
    last === undefined ? `rounds from ${first} on` : first === last ? `round ${first}` : `rounds ${first} to ${last}`
  return `it is asked for in ${which}: all of these must be after it, and at most ${roundsHeld} after it, as older models are not held; found ${backTo}`
}

/** What is wrong with pauses that no field alone can tell. */
export function checkPauses({
  pauses,
  peers,
  agreement,
}: {
  readonly pauses?: readonly Pause[] | undefined
  readonly peers: number
  readonly agreement: { readonly kind: string; readonly pauses?: unknown }
}): Finding[] {
  if (pauses === undefined) return []
  if (agreement.pauses === undefined) {
    const remedy =
      agreement.kind === 'exact' ? 'set agreement.pauses to a policy' : 'set agreement to exact, with `pauses`'
    return [{ path: ['pauses'], message: `pauses count only where peers agree on them: ${remedy}` }]
  }
  return pauses.flatMap((pause, at): Finding[] => {
    const { peers: pausing, fromRound, untilRound, when } = pause
    const back = faultOfBack(pause)
    if (back !== undefined) return [{ path: ['pauses', at, 'backTo'], message: back }]
    const stranger = pausing.findIndex((peer) => peer >= peers)
    if (stranger >= 0)
      return [
        {
          path: ['pauses', at, 'peers', stranger],
          message: `there are peers 0 to ${peers - 1}, found ${pausing[stranger]}`,
        },
      ]
    if (untilRound !== undefined && untilRound < fromRound)
      return [
        {
          path: ['pauses', at, 'untilRound'],
          message: `must be at least fromRound, which is ${fromRound}, found ${untilRound}`,
        },
      ]
    if (when !== undefined && when.above === undefined && when.below === undefined)
      return [{ path: ['pauses', at, 'when'], message: 'says no bound: set above, below or both' }]
    return []
  })
}
