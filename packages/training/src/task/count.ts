import { z } from 'zod'

/** A whole number of something, at least one. */
export const count = (description: string, most = 1_000_000) => z.int().min(1).max(most).describe(description)
