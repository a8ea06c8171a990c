import type { OptionDescriptors } from '@hearsay/catalogue'
import { graceMs, type NamedAgreement, roundMsOption, timeoutMs } from '../../shell/named.ts'
import { asynchronous } from './asynchronous.ts'
import { idle } from './idle.ts'
import type { Asynchronous } from './settings.ts'

const options: OptionDescriptors = {
  variant: {
    kind: 'choice',
    summary:
      '`each-for-itself`: every peer judges and applies what it pulls, in its own order: models differ; `ordered`: all ' +
      'judge in one order, agreed on in epochs: one model, certified',
    values: ['each-for-itself', 'ordered'],
    default: 'each-for-itself',
  },
  lipschitz: {
    kind: 'choice',
    summary:
      'a gradient passes that changed no faster than those of n − f peers do: `usual`, against ' +
      'what was applied last; `own-models`, between two gradients of one peer, as is published, which asks for data that do not ' +
      'differ; `literal`, for each change of the model of who judges, by which hardly any passes',
    values: ['usual', 'own-models', 'literal', 'none'],
    default: 'usual',
  },
  memory: {
    kind: 'integer',
    summary: 'of so many of its last coefficients the greatest counts for a peer; from 25 on liars come through',
    least: 1,
    most: 100,
    default: 1,
  },
  frequency: {
    kind: 'choice',
    summary:
      '`strict`: nobody passes who is among the last 2f that did, so of 2f + 1 at least f + 1 are honest; ' +
      '`per-worker`: nobody who would be among 2f + 1 more than f times',
    values: ['strict', 'per-worker', 'none'],
    default: 'strict',
  },
  dampening: {
    kind: 'choice',
    summary:
      'what passes counts for less the more updates came since its model: 1/(1 + τ), exp(−alpha · τ), or in full',
    values: ['inverse', 'exponential', 'none'],
    default: 'inverse',
  },
  alpha: { kind: 'number', summary: 'of the exponential dampening', above: 0, most: 10, default: 0.2 },
  escape: {
    kind: 'boolean',
    summary: 'a gradient passes the Lipschitz filter after n refusals in a row, as in public code: liars too',
    default: false,
  },
  bootstrap: {
    kind: 'integer',
    summary: 'rounds of the aggregation rule before; with 0 everything passes until n − f peers have a coefficient',
    least: 0,
    most: 100,
    default: 3,
  },
  step: {
    kind: 'number',
    summary: 'what passes is applied times this, besides its dampening',
    above: 0,
    most: 1000,
    default: 0.5,
  },
  mixEvery: {
    kind: 'integer',
    summary:
      '`each-for-itself`: every so many rounds a peer moves to where models of others are, as n − f have it, its own among ' +
      'them, by the aggregation rule; 0 for never, as is published: models drift apart',
    least: 0,
    most: 1000,
    default: 4,
  },
  remembered: {
    kind: 'integer',
    summary:
      '`ordered`: a gradient of a model that is older by more epochs does not count, and such models are forgotten',
    least: 1,
    most: 200,
    default: 32,
  },
}

const grace =
  'how long a peer waits for the rest of the gradients after n − f, in the rounds of the rule, or after f + 1, `ordered`; milliseconds'

export const asynchronousAgreement: NamedAgreement<'asynchronous'> = {
  name: 'asynchronous',
  summary:
    'no round is waited for: every peer applies the gradients of others as they come, if they pass the filters of Kardam',
  end: 'judged',
  endBy: ({ variant }) => (variant === 'ordered' ? 'certified' : 'judged'),
  unpaced: true,
  options: { ...options, graceMs: graceMs(grace), timeoutMs: timeoutMs(100), roundMs: roundMsOption },
  genesis: { ...options, graceMs: graceMs(grace, 2000), timeoutMs: timeoutMs(500) },
  make: (settings) => asynchronous(settings as unknown as Asynchronous),
  idle,
  /** What is as it is by default is not told. */
  describe(settings) {
    const { variant, lipschitz, memory, frequency, dampening, alpha, mixEvery } = settings
    const damped = dampening === 'exponential' ? `exp(−${alpha}τ)` : dampening === 'none' ? 'no dampening' : ''
    const apart = [
      lipschitz === 'usual'
        ? ''
        : lipschitz === 'none'
          ? 'no Lipschitz filter'
          : String(lipschitz).replaceAll('-', ' '),
      memory === 1 ? '' : `greatest of ${memory}`,
      settings.escape === true ? 'escape' : '',
      frequency === 'strict' ? '' : frequency === 'none' ? 'any frequency' : 'frequency per worker',
      damped,
      mixEvery === 0 && variant !== 'ordered' ? 'models apart' : '',
    ].filter((words) => words !== '')
    return ['asynchronous', ...(variant === 'ordered' ? ['ordered'] : []), ...apart].join(', ')
  },
}
