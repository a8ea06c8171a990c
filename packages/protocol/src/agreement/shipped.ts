// Agreements that ship: one line for each.
export { averagingAgreement } from './averaging/named.ts'
export { exactAgreement } from './exact/named.ts'
export { trustedAgreement } from './trusted/named.ts'
