import type { ProtocolAttack } from './attack.ts'
import { crash } from './crash.ts'
import { equivocate } from './equivocate.ts'
import { flipFlop } from './flip-flop.ts'
import { flood } from './flood.ts'
import { impersonate } from './impersonate.ts'
import { late } from './late.ts'
import { lazy } from './lazy.ts'
import { malformed } from './malformed.ts'
import { oversize } from './oversize.ts'
import { replay } from './replay.ts'
import { rushing } from './rushing.ts'
import { selective } from './selective.ts'
import { silent } from './silent.ts'
import { splitBrain } from './split-brain.ts'
import { stale } from './stale.ts'
import { targetedDelay } from './targeted-delay.ts'
import { withhold } from './withhold.ts'

/** All attacks on the protocol by name. */
export const protocolAttacks: ReadonlyMap<string, ProtocolAttack> = new Map(
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
    flood,
    oversize,
    malformed,
    impersonate,
    lazy,
    flipFlop,
    rushing,
    targetedDelay,
  ].map((attack) => [attack.name, attack]),
)
