export { type Adversary, type Coalition, createCoalition, type Powers, type RoundView } from './adversary.ts'
export { around, type Changed, carrying, nothing, unanswering, unrelaying } from './protocol/around.ts'
export type { ProtocolAttack } from './protocol/attack.ts'
export { protocolAttacks } from './protocol/attacks.ts'
export { type Behaviour, createAdversary, optionsOfProtocolAttack } from './protocol/behaviours.ts'
export {
  type Attack,
  type AttackContext,
  AttackError,
  type AttackErrorCode,
  type Attacker,
  attacks,
  createAttack,
  type KnownItems,
} from './updates/index.ts'
