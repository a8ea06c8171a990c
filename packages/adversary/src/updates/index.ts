export type { Attack, AttackContext, Attacker, RandomStream } from './attack.ts'
export { attacks, createAttack, resolveAttack } from './attacks.ts'
export { AttackError, type AttackErrorCode } from './error.ts'
