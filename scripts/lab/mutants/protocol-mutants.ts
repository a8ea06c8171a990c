/**
 * The protocol with one thing wrong: each mutant is one replacement in packages/protocol, of what stands in a member of a
 * class or in a function, wherever that is and however it is formatted; and a list of tests, of any room, of which at
 * least one must fail.
 *
 * Not listed, because they change nothing that can be seen:
 * - Round's check of a checkpoint's predecessor: `openEnvelope` and `#hear` have checked the same before it.
 * - a repeated signer of a certificate: signatures are counted by signer, so it adds no weight.
 */
import { averagingMutants } from './averaging-mutants.ts'
import { exactMutants } from './exact-mutants.ts'
import { learningMutants } from './learning-mutants.ts'
import { inClass, inFunctions, type Mutant } from './mutant.ts'
import { pausesMutants } from './pauses-mutants.ts'
import { restartMutants } from './restart-mutants.ts'
import { shellMutants } from './shell-mutants.ts'
import { eraMutants, weightMutants } from './weight-mutants.ts'
import { wordsMutants } from './words-mutants.ts'

/** The thresholds and the parity, which the ordinary test run tries too. */
export const thresholds: readonly Mutant[] = [
  ...inClass(
    'Quorums',
    ['reliable-broadcast'],
    [
      ['echo one less', 'echo', 'this.total + this.tolerated', 'this.total + this.tolerated - 2'],
      ['echo one more', 'echo', 'this.total + this.tolerated', 'this.total + this.tolerated + 2'],
      ['amplify one less', 'amplify', 'this.tolerated + 1', 'this.tolerated'],
      ['amplify one more', 'amplify', 'this.tolerated + 1', 'this.tolerated + 2'],
      ['deliver one less', 'deliver', '2 * this.tolerated + 1', '2 * this.tolerated'],
      ['deliver one more', 'deliver', '2 * this.tolerated + 1', '2 * this.tolerated + 2'],
    ],
  ),
  ...inClass(
    'Quorums',
    ['quorums'],
    [
      ['certificate one less', 'certificate', 'this.total + this.tolerated', 'this.total + this.tolerated - 2'],
      ['certificate one more', 'certificate', 'this.total + this.tolerated', 'this.total + this.tolerated + 2'],
    ],
  ),
  ...inClass(
    'BinaryAgreement',
    ['binary-agreement'],
    [['parity flipped', '#advance', 'this.#phase % 2', '(this.#phase + 1) % 2']],
  ),
]

const quorums = [
  ...inClass(
    'Quorums',
    ['common-subset'],
    [
      ['available one less', 'available', 'this.total - this.tolerated', 'this.total - this.tolerated - 1'],
      ['available one more', 'available', 'this.total - this.tolerated', 'this.total - this.tolerated + 1'],
    ],
  ),
  ...inFunctions(
    ['quorums'],
    [
      ['n = 3f taken', 'mostTolerated', 'total - 1', 'total'],
      ['one liar more by weight', 'mostLiars', 'left < 0', 'left < -1'],
    ],
  ),
  ...inClass(
    'Tally',
    ['quorums'],
    [['a peer counted twice', 'count', 'if (!this.add(peer)) return false', 'this.add(peer)']],
  ),
]

export const allMutants: readonly Mutant[] = [
  ...thresholds,
  ...quorums,
  ...exactMutants,
  ...pausesMutants,
  ...wordsMutants,
  ...shellMutants,
  ...averagingMutants,
  ...restartMutants,
  ...weightMutants,
  ...eraMutants,
  ...learningMutants,
]
