import type { shippedBefore, shippedRules } from './rules.ts'

/**
 * The names of rules, so that a compiler finds the one that is misspelt. A rule of one's own that is registered adds its name:
 *
 *     declare module '@hearsay/aggregation' {
 *       interface RuleNames { 'my-rule': true }
 *     }
 *
 * or is given as an object, and needs no name here.
 */
export interface RuleNames extends Record<keyof typeof shippedRules, true> {}

export type RuleName = keyof RuleNames
export type BeforeRuleName = keyof typeof shippedBefore
