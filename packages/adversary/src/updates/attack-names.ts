import type { shippedAttacks } from './attacks.ts'

/**
 * The names of attacks on updates, so that a compiler finds the one that is misspelt. One of one's own that is registered
 * adds its name:
 *
 *     declare module '@hearsay/adversary/updates' {
 *       interface AttackNames { 'my-attack': true }
 *     }
 *
 * or is given as an object, and needs no name here.
 */
export interface AttackNames extends Record<keyof typeof shippedAttacks, true> {}

export type AttackName = keyof AttackNames
