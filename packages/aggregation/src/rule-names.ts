import type * as shippedBefore from './before/shipped.ts'
import type * as shippedRules from './rules/shipped.ts'

/**
 * The names of rules, so that a compiler finds the one that is misspelt. A rule of one's own that is added adds its name:
 *
 *     declare module '@hearsay/aggregation' {
 *       interface RuleNames { 'my-rule': true }
 *     }
 *
 * or is given as an object, and needs no name here.
 */
export interface RuleNames extends Record<(typeof shippedRules)[keyof typeof shippedRules]['name'], true> {}
/** The same of pre-rules. */
export interface BeforeRuleNames extends Record<(typeof shippedBefore)[keyof typeof shippedBefore]['name'], true> {}

export type RuleName = keyof RuleNames
export type BeforeRuleName = keyof BeforeRuleNames

/**
 * A rule by name, how many Byzantine rows it tolerates (f), its options, and what comes before it:
 * `{ rule: 'krum', tolerated: 3 }`, `{ rule: 'trimmed-mean', tolerated: 3, before: ['nnm', { clipping: { norm: 2 } }] }`.
 */
export interface RuleSpec {
  readonly rule: RuleName
  readonly tolerated: number
  /** Pre-rules in the order in which they are applied. */
  readonly before?: readonly BeforeSpec[]
  readonly [option: string]: unknown
}

/** A pre-rule: its name, or its name with its options, `{ clipping: { norm: 2 } }`. */
export type BeforeSpec = BeforeRuleName | { readonly [Name in BeforeRuleName]?: { readonly [option: string]: unknown } }
