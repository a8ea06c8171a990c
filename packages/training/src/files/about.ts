import { z } from 'zod'
import { architectureSchema } from '../task/architecture.ts'

/** What stands beside the numbers of a model: where it is from, and what it is a model of. */
export const aboutSchema = z.object({
  /** Of the program that wrote it. */
  version: z.string(),
  /** Name of the scenario or of the network. */
  name: z.string(),
  /** In a run: its cell and seed, and the peer that holds it. */
  cell: z.string().optional(),
  seed: z.int().optional(),
  peer: z.int().optional(),
  /** The last round that it is the model of; 0: what everybody starts from. */
  round: z.int().min(0),
  /** Of its numbers, SHA-256 as certificates name it, hexadecimal. */
  digest: z.string(),
  /** Digest of the genesis record: the name of the network. */
  network: z.string().optional(),
  /** What it learnt: `task` of the scenario or the genesis, defaults filled in. */
  task: z.record(z.string(), z.unknown()),
  ...architectureSchema.shape,
  /** Modules of its user's own, by their paths from the folder of the scenario or the genesis; of each the SHA-256 of its files. */
  extensions: z.array(z.object({ file: z.string(), sha256: z.record(z.string(), z.string()) })).optional(),
  /** Measures of its task, on its test data. */
  evaluation: z.record(z.string(), z.number().nullable()).optional(),
})
export type About = z.output<typeof aboutSchema>
