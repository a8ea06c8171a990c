export { type Adversary, type Coalition, createCoalition, type Powers } from './adversary.ts'
export { type Behaviour, createAdversary } from './behaviours.ts'
