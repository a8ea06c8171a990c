export type { Attack, AttackContext, Attacker, KnownItems } from './attack.ts'
// All of it: a name that is exported by itself cannot be added to by others.
export * from './attack-names.ts'
export { attackKind, attacks, createAttack } from './attacks.ts'
export { AttackError, type AttackErrorCode } from './error.ts'
