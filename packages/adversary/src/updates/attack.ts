import type { RuleSpec, WorkerPort, Workspace } from '@hearsay/aggregation'
import type { Member, Options } from '@hearsay/catalogue'
import type { RandomStream } from '@hearsay/catalogue/random'

/** What a liar knows of a model whose rows are about items, as those of a recommender: a user is for an item as p · row. */
export interface KnownItems {
  /** Numbers of a row. */
  readonly width: number
  /** So many of them, the first, go with the numbers of a user's vector; the rest, such as a bias, with 1. */
  readonly factors: number
  /** Parameters of length d that all train on in this round, row after row. Not to be changed. */
  readonly model: Float32Array
  /** The items that the attack is about, each once. */
  readonly targets: readonly number[]
  /** Of each user the items that it likes: an attack takes of them what it says that it knows. */
  readonly liked: readonly Int32Array[]
}

/** What a liar knows when it forms its update: all that honest peers sent in this round, and the rule that awaits it. */
export interface AttackContext {
  /** The update that it trained itself, of length d. */
  readonly own: Float32Array
  /** The updates of the honest peers of this round, m ≥ 1 vectors of length d, finite. No attack changes them. */
  readonly honest: readonly Float32Array[]
  /** Where there is one: kernel memory of m + f rows of which the first m are `honest`, to try the rule on without a copy. */
  readonly workspace?: Workspace
  /** Gives threads for one workspace of so long vectors, on which the rule is tried; none when left out, or when it has none left. */
  readonly threads?: ((length: number) => readonly WorkerPort[]) | undefined
  /** n, how many updates a round has, those of liars included. */
  readonly n: number
  /** f, how many liars there are; all of them send what this one sends, unless the attack says otherwise. */
  readonly f: number
  /** The rule in use, its pre-rules and the number of liars that it tolerates included: their weight, with weights. */
  readonly rule: RuleSpec
  /** What each of the m honest updates weighs, and then each of the f of liars; 1 when left out. */
  readonly weights?: readonly number[] | undefined
  /**
   * Of this liar alone; of an attack that colludes, the same for all its liars in a round, and new in each; of an attack on
   * items, the same for all and in every round.
   */
  readonly random: Pick<RandomStream, 'uniform'>
  /** The round, from 1. */
  readonly round: number
  /** What this liar keeps from one round to the next; empty in the first. */
  readonly memory: Map<string, unknown>
  /** Which of the f liars this is, from 0, which it is when left out. */
  readonly place?: number
  /** Of an attack on items: what is known of them. */
  readonly items?: KnownItems
}

/** Forms the vector of length d that is sent in place of an update. */
export type Attacker = (context: AttackContext) => Float32Array<ArrayBuffer>

/** An attack on updates: vectors in, vector out. */
export interface Attack<Name extends string = string> extends Member<Name> {
  /** What such liars did, for the table of a run; made from the summary unless given. */
  readonly deed?: string
  /** Where it was published; empty for what needs no source. */
  readonly paper: string
  /**
   * Whether it is about items: it is given the whole model as `items`, its own update filled up with zeros to as many numbers,
   * and no honest ones; rows in which it gives nothing but zeros, and its own update had none, are not spoken about.
   */
  readonly ofItems?: boolean
  /**
   * Whether what it sends does not depend on its own update, but for how long it is: such a liar need not train, and on the
   * virtual network does not. Its own update is zero then, which it sends where there is nothing to attack.
   */
  readonly ignoresOwn?: true
  /** Whether it needs the updates of honest peers: such a liar waits for them. */
  colludes(options: Options): boolean
  /** With all its options, defaults filled in; `createAttack` fills them in and checks them. */
  create(options: Options): Attacker
}
