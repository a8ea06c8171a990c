import type { About } from './files/about.ts'
import type { ModelFile } from './files/model-file.ts'
import type { TaskSpec } from './task/task.ts'
import { TrainingError } from './task/training-error.ts'
import { taskOf } from './tasks.ts'

/**
 * Parameters of length d as a model of their task, with the names and shapes of its tensors and its layers. Where only a program that
 * trains knows its tensors, they are one.
 *
 * @param own the task with what a peer alone says of it, and the absolute path of the folder that relative paths of it stand against
 * @throws TrainingError as the task, where its data are needed for that, and `bad-model` when it has another number of parameters
 */
export async function namedModel(
  about: Omit<About, 'layers'>,
  parameters: Float32Array,
  { task, base }: { readonly task: TaskSpec; readonly base: string },
): Promise<ModelFile> {
  const kind = taskOf(task)
  const outline = await kind.outline(task, { base, turn: async () => {} })
  const known = kind.tensors(task, outline)
  const tensors = known.length > 0 ? known : [{ name: 'parameters', shape: [parameters.length], offset: 0 }]
  const layers = kind.layers?.(task, outline)
  const length = tensors.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0)
  if (length !== parameters.length) {
    const problem = `a model of ${parameters.length} parameters, and its task's have ${length}`
    throw new TrainingError('bad-model', `${problem}: its data or its files are not those that it was learnt with`)
  }
  return { tensors, parameters, about: { ...about, ...(layers && { layers }) } }
}
