export {
  type Adversary,
  type Coalition,
  createCoalition,
  type Message,
  type Powers,
  type RoundView,
} from './adversary.ts'
export { type Behaviour, createAdversary } from './behaviours.ts'
export {
  type Attack,
  type AttackContext,
  AttackError,
  type AttackErrorCode,
  type Attacker,
  attacks,
  createAttack,
  type RandomStream,
  resolveAttack,
} from './updates/index.ts'
