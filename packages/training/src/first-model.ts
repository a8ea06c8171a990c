import { resolve } from 'node:path'
import { startFrom } from './files/model-file.ts'
import { checkedModel } from './task/checked.ts'
import type { LoadContext, NamedTensor, Task, TaskSpec } from './task/task.ts'

/**
 * What everybody starts from: a model in a file, or the task's own; and where in it which tensor lies.
 *
 * @throws TrainingError `bad-model` when the task's own is not finite or is not all of its tensors; as `startFrom`
 */
export function firstModel(
  task: Task,
  spec: TaskSpec,
  outline: unknown,
  { base, seed }: Pick<LoadContext, 'base' | 'seed'>,
): { tensors: readonly NamedTensor[]; initial: Float32Array } {
  const { start } = spec
  const tensors = task.tensors(spec, outline)
  const initial =
    typeof start === 'string' ? startFrom(resolve(base, start), tensors) : task.initial(spec, outline, seed)
  return { tensors, initial: checkedModel(task, tensors, initial) }
}
