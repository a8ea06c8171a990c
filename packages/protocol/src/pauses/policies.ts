import type { PausePolicy } from '../words/pauses.ts'
import { memory } from './memory.ts'
import type { Policy } from './policy.ts'
import { present } from './present.ts'
import { prune } from './prune.ts'
import { reweigh } from './reweigh.ts'
import { zero } from './zero.ts'

export const policies: Readonly<Record<PausePolicy, Policy>> = { present, zero, memory, prune, reweigh }
