import type { RatingsPoison } from './poison.ts'
import { popularProfiles } from './popular-profiles.ts'
import { profileOptions } from './profile.ts'

/** Few accounts, many events: the popular attack, with the target again and again. */
export const hyperactiveProfiles: RatingsPoison<'hyperactive-profiles'> = {
  ...popularProfiles,
  name: 'hyperactive-profiles',
  summary: 'a few accounts that like the target again and again, and each of the most popular items once',
  deed: 'hosted a few hyperactive accounts',
  options: { ...profileOptions, activity: { ...profileOptions.activity, default: 100 } },
}
