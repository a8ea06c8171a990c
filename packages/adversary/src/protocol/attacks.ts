import { faultOf } from '@hearsay/aggregation'
import { AttackError, attacks } from '../updates/index.ts'
import type { ProtocolAttack } from './attack.ts'
import { crash } from './crash.ts'
import { drip } from './drip.ts'
import { equivocate } from './equivocate.ts'
import { flipFlop } from './flip-flop.ts'
import { flood } from './flood.ts'
import { hurry } from './hurry.ts'
import { impersonate } from './impersonate.ts'
import { late } from './late.ts'
import { lazy } from './lazy.ts'
import { malformed } from './malformed.ts'
import { oversize } from './oversize.ts'
import { pester } from './pester.ts'
import { replay } from './replay.ts'
import { rushing } from './rushing.ts'
import { selective } from './selective.ts'
import { silent } from './silent.ts'
import { splitBrain } from './split-brain.ts'
import { stale } from './stale.ts'
import { targetedDelay } from './targeted-delay.ts'
import { withhold } from './withhold.ts'

const registered = new Map<string, ProtocolAttack>(
  [
    silent,
    crash,
    equivocate,
    splitBrain,
    withhold,
    selective,
    replay,
    stale,
    late,
    drip,
    flood,
    oversize,
    malformed,
    impersonate,
    lazy,
    pester,
    flipFlop,
    rushing,
    targetedDelay,
    hurry,
  ].map((attack) => [attack.name, attack]),
)

/** All attacks on the protocol by name, those that users registered included. */
export const protocolAttacks: ReadonlyMap<string, ProtocolAttack> = registered

/**
 * Makes an attack on the protocol of one's own known by its name, to whatever takes behaviours as data, for the life of the
 * process. Once more is no matter. Throws AttackError `bad-attack` when it lacks something, or when another attack, on the
 * protocol or on updates, has its name.
 */
export function registerProtocolAttack(attack: ProtocolAttack): void {
  const fault = faultOf(attack, { functions: ['create'], texts: ['summary', 'deed'] })
  if (fault !== undefined) throw new AttackError('bad-attack', `No attack on the protocol: ${fault}.`)
  const { name, options } = attack
  if ('update' in options)
    throw new AttackError('bad-attack', 'No attack on the protocol: no option may be called update.')
  if (attacks.has(name) || (registered.get(name) ?? attack) !== attack)
    throw new AttackError('bad-attack', `There is an attack "${name}" already: give yours another name.`)
  registered.set(name, attack)
}
