export type { Attack, AttackContext, Attacker, RandomStream } from './attack.ts'
// All of it: a name that is exported by itself cannot be added to by others.
export * from './attack-names.ts'
export { attacks, createAttack, registerAttack, resolveAttack } from './attacks.ts'
export { AttackError, type AttackErrorCode } from './error.ts'
