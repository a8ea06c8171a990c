// Poisons of ratings that ship: one line for each.
export { averageProfiles } from './average-profiles.ts'
export { bandwagon } from './bandwagon.ts'
export { hyperactiveProfiles } from './hyperactive-profiles.ts'
export { loveHate } from './love-hate.ts'
export { nuke } from './nuke.ts'
export { popularProfiles } from './popular-profiles.ts'
export { randomProfiles } from './random-profiles.ts'
export { segment } from './segment.ts'
