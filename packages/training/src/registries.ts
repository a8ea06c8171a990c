import { formats } from '@hearsay/data'
import { losses } from './losses/losses.ts'
import { datasets } from './pictures/datasets.ts'
import { models } from './pictures/models.ts'
import { poisons } from './pictures/poisons.ts'
import { partitions } from './task/partitions/partitions.ts'
import { tasks } from './tasks.ts'

/** Tasks and what they are made of, by the names of the lists that a user's file exports. */
export const registries = { tasks, datasets, models, losses, formats, partitions, poisons }
