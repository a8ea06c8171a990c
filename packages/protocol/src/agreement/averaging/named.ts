import type { OptionDescriptors } from '@hearsay/catalogue'
import { mostTolerated } from '../../roster/quorums.ts'
import { graceMs, type NamedAgreement, roundMsOption } from '../../shell/named.ts'
import { averaging } from './averaging.ts'
import { contractionOf } from './contraction.ts'
import type { Averaging } from './settings.ts'

const graceSummary = 'synchronous: how long a peer waits for the rest of the vectors after n − f, milliseconds'

const options: OptionDescriptors = {
  method: {
    kind: 'choice',
    summary:
      '`rb-tm`: reliable broadcast, witnesses, trimmed mean; or plain sends and the trimmed mean, minimum diameter ' +
      'averaging, nearest-neighbour averaging',
    values: ['rb-tm', 'trimmed-mean', 'mda', 'nna'],
    default: 'rb-tm',
  },
  mode: {
    kind: 'choice',
    summary: '`asynchronous` goes on with the first n − f vectors, `synchronous` waits a stated time for all n',
    values: ['asynchronous', 'synchronous'],
    default: 'asynchronous',
  },
  heterogeneous: {
    kind: 'boolean',
    summary:
      'data differ between peers: in round i also agree ⌈log₂(i + 1)⌉ times on what was aggregated; without it, on ' +
      'models only',
    default: true,
  },
}

export const averagingAgreement: NamedAgreement<'averaging'> = {
  name: 'averaging',
  summary: 'every honest peer averages with those that it hears, in several stages a round: models come close',
  end: 'averaged',
  options: {
    ...options,
    graceMs: graceMs(graceSummary),
    roundMs: roundMsOption,
    beyond: {
      kind: 'boolean',
      summary: 'allow n and f for which the method does not promise that models come closer',
      default: false,
    },
  },
  genesis: { ...options, graceMs: graceMs(graceSummary, 2000) },
  make: (settings) => averaging(settings as unknown as Averaging),
  describe({ method, mode, heterogeneous, beyond }) {
    const more = [mode === 'synchronous' && mode, !heterogeneous && 'on models only', beyond && 'beyond its bound']
    return [`averaging by ${method}`, ...more.filter((part) => part !== false)].join(', ')
  },
  least: (settings) => Math.max(3, contractionOf(settings as unknown as Averaging, 1, 0).least),
  faults(settings, peers, tolerated) {
    const { method, mode } = settings as unknown as Averaging
    if (method === 'rb-tm' && mode === 'synchronous') {
      const remedy = 'set mode to asynchronous, or method to trimmed-mean'
      return [{ setting: 'mode', message: `rb-tm waits for nobody longer than it must: ${remedy}` }]
    }
    const { least } = contractionOf({ method, mode }, peers, tolerated)
    if (settings.beyond || tolerated <= mostTolerated(peers, least)) return []
    const needs = `${method}, ${mode}, needs n >= ${least}f + 1 for models to come closer`
    const sizes = `${peers} peers cannot tolerate ${tolerated} liars`
    const remedy = `set tolerated to at most ${mostTolerated(peers, least)}, or peers to at least ${least * tolerated + 1}`
    return [{ message: `${needs}, and ${sizes}: ${remedy}; or set agreement.beyond to true to see what happens` }]
  },
}
