import type { RandomStream } from '@hearsay/catalogue/random'
import type { Profile } from './profile.ts'
import type { RowSums } from './row-sums.ts'

/** How items are learnt from what users did: by likes, or by ratings. */
export interface Feedback {
  /** Numbers in the row of an item. */
  readonly width: number
  /** What gives the vector of a user from the rows of the items alone: nothing of it is kept from round to round. */
  users(model: Float32Array): (profile: Profile) => Float64Array
  /** How much this user is for the item; where ratings are foretold, the rating. */
  score(model: Float32Array, user: Float64Array, item: number): number
  /** Adds to each row the gradient of the loss of this user's events by it, and gives the loss. */
  gradient(model: Float32Array, profile: Profile, user: Float64Array, sums: RowSums, random: RandomStream): number
}
