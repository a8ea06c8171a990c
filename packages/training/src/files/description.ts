/** What of a model is not its numbers, as a peer keeps it beside them: names and shapes of its tensors, and its layers. */
import { readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { type Architecture, architectureSchema } from '../task/architecture.ts'
import type { NamedTensor } from '../task/task.ts'
import { TrainingError } from '../task/training-error.ts'
import type { About } from './about.ts'
import type { ModelFile } from './model-file.ts'

const mostBytes = 64 * 1024 * 1024

const descriptionSchema = z.object({
  tensors: z
    .array(z.object({ name: z.string().min(1).max(1000), shape: z.array(z.int().min(1)).max(8) }))
    .min(1)
    .max(100_000),
  architecture: architectureSchema,
})
export type Description = z.output<typeof descriptionSchema>

export function describe({
  tensors,
  architecture,
}: {
  readonly tensors: readonly NamedTensor[]
  readonly architecture: Architecture
}): Description {
  return { tensors: tensors.map(({ name, shape }) => ({ name, shape: [...shape] })), architecture }
}

/**
 * Parameters of length d, and what a file says of them.
 *
 * @throws TrainingError `data-missing` when there is no such file, `bad-data` when it is none or of another model
 */
export function describedModel(
  file: string,
  parameters: Float32Array,
  about: Omit<About, keyof Architecture>,
): ModelFile {
  const { tensors, architecture } = descriptionIn(file)
  let offset = 0
  const placed = tensors.map((tensor) => {
    const place = { ...tensor, offset }
    offset += tensor.shape.reduce((product, side) => product * side, 1)
    return place
  })
  if (offset !== parameters.length)
    throw new TrainingError('bad-data', `${file}: is of ${offset} parameters, and the model has ${parameters.length}`)
  return { tensors: placed, parameters, about: { ...about, ...architecture } }
}

function descriptionIn(file: string): Description {
  const found = statSync(file, { throwIfNoEntry: false })
  const remedy = 'hearsay start writes it'
  if (found === undefined) throw new TrainingError('data-missing', `${file}: there is no such file; ${remedy}`)
  try {
    if (found.size <= mostBytes) return descriptionSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {}
  throw new TrainingError('bad-data', `${file}: does not say which tensors a model has; ${remedy}`)
}
