import { join } from 'node:path'
import { type Home, MomentumFiles } from '@hearsay/home'
import { charterOf } from '@hearsay/ledger'
import { promised, type Trainer, withMomentum } from '@hearsay/peer'
import type { SteadyTraining } from '@hearsay/training'
import { learningSchema } from '@hearsay/training/schema'
import { inJson } from './progress-of-learning.ts'
import type { Teller } from './teller.ts'

/** The trainer of the peer in a folder, in this position of the roster. */
export function operatorTrainer(home: Home, training: SteadyTraining, self: number, teller: Teller): Trainer {
  const { workerMomentum } = learningSchema.parse(charterOf(home.genesis).at(1).learning)
  const trainer = promised(async (executed, model, { round }) => {
    const { update, loss, diverged, timeMs } = await training.train(self, executed, model)
    if (diverged) teller.tell({ kind: 'diverged', round, message: divergence })
    teller.tell({ kind: 'trained', round, tookMs: Math.round(timeMs), loss: inJson(loss) })
    return update
  })
  return withMomentum(trainer, workerMomentum, new MomentumFiles(join(home.folder, 'state'), training.initial.length))
}

/** What is wrong belongs to all peers: their genesis says how they learn. */
const divergence =
  'training came to numbers that are not finite, and so ended early or gives zeros: the network needs a genesis with less ' +
  'learning.learningRate or learning.weightDecay, or with learning.clipNorm; or liars have ruined its model'
