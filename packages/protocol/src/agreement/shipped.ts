// Agreements that ship: one line for each.
export { asynchronousAgreement } from './asynchronous/named.ts'
export { averagingAgreement } from './averaging/named.ts'
export { exactAgreement } from './exact/named.ts'
export { trustedAgreement } from './trusted/named.ts'
