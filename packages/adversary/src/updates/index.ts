export type { Attack, AttackContext, Attacker, RandomStream } from './attack.ts'
export { attacks, createAttack, registerAttack, resolveAttack } from './attacks.ts'
export { AttackError, type AttackErrorCode } from './error.ts'
