import type { About } from './files/about.ts'
import type { ModelFile } from './files/model-file.ts'
import { TrainingError } from './task/training-error.ts'
import { taskOf } from './tasks.ts'

/**
 * Parameters of length d as a model of their task, with the names and shapes of its tensors and its layers.
 *
 * @param base absolute path of the folder that relative paths of the task stand against
 *
 * @throws TrainingError as the task, where its data are needed for that, and `bad-model` when it has another number of parameters
 */
export async function namedModel(
  about: Omit<About, 'layers'>,
  parameters: Float32Array,
  base: string,
): Promise<ModelFile> {
  const kind = taskOf(about.task)
  const outline = await kind.outline(about.task, { base, turn: async () => {} })
  const tensors = kind.tensors(about.task, outline)
  const layers = kind.layers?.(about.task, outline)
  const length = tensors.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0)
  if (length !== parameters.length) {
    const problem = `a model of ${parameters.length} parameters, and its task's have ${length}`
    throw new TrainingError('bad-model', `${problem}: its data or its files are not those that it was learnt with`)
  }
  return { tensors, parameters, about: { ...about, ...(layers && { layers }) } }
}
