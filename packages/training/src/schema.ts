/** What a scenario or a genesis may say of training, without what trains. */
export { type LearningInput, type LearningSpec, learningSchema } from './task/learning.ts'
export { type Evaluation, type Measure, tellMeasure, worstOf, worstValue } from './task/measure.ts'
export type { PoisonSchema, PoisonSpec, Task, TaskSpec } from './task/task.ts'
export { headlineOf, kindOf, poisonSchemas, taskOf, taskSchema, tasks } from './tasks.ts'
