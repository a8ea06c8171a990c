// Imports that close a circle: fewer from change to change, and none in the end.
import type { Known } from './circles.ts'

export const knownAmongFiles: readonly Known[] = [
  ['packages/protocol/src/envelope.ts', 'packages/protocol/src/network.ts'],
  ['packages/protocol/src/envelope.ts', 'packages/protocol/src/statement-codec.ts'],
  ['packages/protocol/src/network.ts', 'packages/protocol/src/agreement/agreement.ts'],
  ['packages/scenario/src/json-schema.ts', 'packages/scenario/src/short-forms.ts'],
  ['packages/scenario/src/overrides.ts', 'packages/scenario/src/load.ts'],
]

export const knownAmongFolders: readonly Known[] = [
  ['packages/aggregation/src', 'packages/aggregation/src/before'],
  ['packages/aggregation/src', 'packages/aggregation/src/rules'],
  ['packages/protocol/src', 'packages/protocol/src/agreement'],
  ['packages/protocol/src', 'packages/protocol/src/agreement/averaging'],
  ['packages/protocol/src', 'packages/protocol/src/chain'],
  ['packages/protocol/src/agreement', 'packages/protocol/src/agreement/averaging'],
  ['packages/protocol/src/agreement', 'packages/protocol/src/agreement/exact'],
  ['packages/training/src/pictures', 'packages/training/src/pictures/datasets'],
  ['packages/training/src/pictures', 'packages/training/src/pictures/poisons'],
  ['packages/training/src/task', 'packages/training/src/task/partitions'],
]
