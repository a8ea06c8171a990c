import type * as shipped from './shipped.ts'

/**
 * The names of attacks on updates, so that a compiler finds the one that is misspelt. One of one's own that is added
 * adds its name:
 *
 *     declare module '@hearsay/adversary/updates' {
 *       interface AttackNames { 'my-attack': true }
 *     }
 *
 * or is given as an object, and needs no name here.
 */
export interface AttackNames extends Record<(typeof shipped)[keyof typeof shipped]['name'], true> {}

export type AttackName = keyof AttackNames
