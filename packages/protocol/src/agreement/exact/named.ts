import type { ChoiceOption, NumberOption, Options } from '@hearsay/catalogue'
import { type AgreementFault, graceMs, type NamedAgreement, roundMsOption, timeoutMs } from '../../shell/named.ts'
import { type PausePolicy, type PauseTerms, pausePolicies } from '../../words/pauses.ts'
import { exactBy } from './exact.ts'

const evictEvery: NumberOption = {
  kind: 'integer',
  summary: 'in every so manieth round peers agree on who is proven to lie, and it loses its weight two rounds later',
  least: 1,
  most: 1_000_000,
  optional: true,
}

const pauses: ChoiceOption = {
  kind: 'choice',
  summary:
    'how a round is made of updates when peers pause: of whoever is there (`present`), with zeros (`zero`) or the last certified ' +
    'update (`memory`) of those who pause, not at all (`prune`), or with more of those who often pause (`reweigh`)',
  values: pausePolicies,
  optional: true,
}

const pauseBudget: NumberOption = {
  kind: 'integer',
  summary: 'so many pauses of a peer count in a window, after which it is as silent; all when left out, but of `prune`',
  least: 0,
  most: 1_000_000,
  optional: true,
}

const pauseWindow: NumberOption = {
  kind: 'integer',
  summary: 'rounds of a window of `pauseBudget`',
  least: 1,
  most: 1_000_000,
  optional: true,
}

const pausing = { pauses, pauseBudget, pauseWindow }

interface PauseSettings {
  readonly pauses?: PausePolicy
  readonly pauseBudget?: number
  readonly pauseWindow?: number
}

function termsOf({ pauses: policy, pauseBudget, pauseWindow }: PauseSettings): PauseTerms | undefined {
  if (policy === undefined) return undefined
  if (pauseBudget === undefined || pauseWindow === undefined) return { policy }
  return { policy, budget: { pauses: pauseBudget, rounds: pauseWindow } }
}

function faultsOfPauses(settings: PauseSettings, peers: number, tolerated: number): AgreementFault[] {
  const { pauses: policy, pauseBudget, pauseWindow } = settings
  const fault = (setting: string, message: string): AgreementFault[] => [{ setting, message }]
  if (policy === undefined)
    return pauseBudget === undefined && pauseWindow === undefined
      ? []
      : fault(
          pauseBudget === undefined ? 'pauseWindow' : 'pauseBudget',
          'pauses count only with `pauses`: set it, or leave this out',
        )
  if ((pauseBudget === undefined) !== (pauseWindow === undefined))
    return fault(
      pauseBudget === undefined ? 'pauseWindow' : 'pauseBudget',
      '`pauseBudget` and `pauseWindow` go together',
    )
  if (policy !== 'prune') return []
  const liars = Math.min(peers, tolerated)
  if (pauseBudget === undefined || pauseWindow === undefined)
    return liars === 0
      ? []
      : fault('pauses', 'a liar that pauses for ever would stop `prune`: set `pauseBudget` and `pauseWindow`')
  if (liars * pauseBudget < pauseWindow) return []
  return fault(
    'pauseBudget',
    `${liars} liars could pause in ${liars * pauseBudget} rounds of ${pauseWindow}, and nothing would be learnt: set pauseBudget to at most ${Math.floor((pauseWindow - 1) / liars)}`,
  )
}

const chunkMs: NumberOption = {
  kind: 'integer',
  summary:
    'updates go in chunks that are sent once, and what is lost is agreed on too: so long a peer waits for the first, milliseconds, and for the next as they come. Whole without it',
  least: 1,
  most: 3_600_000,
  optional: true,
}

export const exactAgreement: NamedAgreement<'exact'> = {
  name: 'exact',
  summary: 'every honest peer takes in the same updates and ends a round with the same model',
  end: 'certified',
  weighs: true,
  options: {
    graceMs: graceMs('how long a peer waits for further updates after the first n − f, milliseconds'),
    timeoutMs: timeoutMs(100),
    roundMs: roundMsOption,
    evictEvery,
    ...pausing,
    chunkMs,
  },
  genesis: {
    graceMs: graceMs(
      'wait for further updates after the first n − f: time for an INIT, a question and the update, and then an ECHO and a READY',
      2000,
    ),
    timeoutMs: timeoutMs(500),
    evictEvery,
    ...pausing,
    chunkMs,
  },
  make: (settings: Options & { readonly evictEvery?: number; readonly chunkMs?: number } & PauseSettings) =>
    exactBy({ evictEvery: settings.evictEvery, chunkMs: settings.chunkMs, pauses: termsOf(settings) }),
  describe: ({ pauses: policy }) => (policy === undefined ? 'exact agreement' : `exact agreement, pauses by ${policy}`),
  faults: (settings, peers, tolerated) => faultsOfPauses(settings as PauseSettings, peers, tolerated),
}
