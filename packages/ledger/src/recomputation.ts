import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AggregationError, rules, Workspace } from '@hearsay/aggregation'
import { nextModel } from '@hearsay/peer'
import { type Checkpoint, type Digest, digestOf, digestOfVector, type Member } from '@hearsay/protocol'
import { type KnownNetwork, plain } from './known-network.ts'

/** More than this is not taken into memory for the updates of one round; Node reads no larger file at once. */
const mostBytes = 2 ** 31 - 4

export type Recomputed =
  | { readonly kind: 'same' }
  /** What is needed is not there: nothing is known either way. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** All that is needed is there, and the rule gives nothing. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'wrong'; readonly reason: string }

/** Computes models again from archived updates, round after round, and compares the digests: bit for bit. */
export class Recomputation {
  readonly #known: KnownNetwork
  readonly #folders: readonly string[]
  readonly #extended: boolean
  #model: { readonly digest: Digest; readonly vector: Float32Array } | undefined
  #before: Digest
  #workspace: Workspace | undefined

  /** `folders` have updates and models by digest, of anybody's making. `extended`: rules that do not ship were given, too. */
  constructor(known: KnownNetwork, folders: readonly string[], extended = false) {
    this.#extended = extended
    this.#known = known
    this.#folders = folders
    this.#before = known.initial
  }

  /** The next round of a sound chain. */
  check({ members, model }: Checkpoint): Recomputed {
    const before = this.#before
    this.#before = model
    const start = this.#model?.digest === before ? this.#model.vector : this.#payload(before, mostBytes, 'the model')
    this.#model = undefined
    if (start === undefined) return { kind: 'unknown', reason: 'the model that it builds on is not archived' }
    if (typeof start === 'string') return { kind: 'wrong', reason: start }
    if (this.#known.network.peers * 4 * start.length > mostBytes)
      return { kind: 'unknown', reason: `its updates take more than ${mostBytes} bytes` }
    let workspace: Workspace
    try {
      workspace = this.#workspaceOf(start.length)
    } catch (error) {
      // More than this machine has, or than kernels can address.
      if (error instanceof AggregationError) return { kind: 'unknown', reason: error.message }
      throw error
    }
    for (const [row, { peer, digest }] of members.entries()) {
      const what = `the update of ${this.#known.names[peer]}`
      const update = this.#payload(digest, 4 * start.length, what)
      if (update === undefined) return { kind: 'unknown', reason: `${what} is not archived` }
      if (typeof update === 'string') return { kind: 'wrong', reason: update }
      if (update.length !== start.length)
        return { kind: 'wrong', reason: `${what} has ${update.length} parameters, and the model ${start.length}` }
      workspace.vector(row).set(update)
    }
    return this.#compare(model, start, members)
  }

  #compare(model: Digest, start: Float32Array, members: readonly Member[]): Recomputed {
    let vector: Float32Array
    try {
      const digests = members.map((member) => member.digest)
      vector = nextModel(this.#known.rule, this.#workspaceOf(start.length), [...members.keys()], start, digests)
    } catch (error) {
      if (!(error instanceof AggregationError)) throw error
      const { rule } = this.#known.rule
      if (rules.has(rule)) return { kind: 'failed', reason: plain(error.message) }
      // A rule of one's own, or one that a newer version brought.
      const foreign = plain(`the rule "${rule.slice(0, 50)}" is none that ships`)
      if (this.#extended) return { kind: 'failed', reason: `${foreign}, and in no file of --extension` }
      return { kind: 'unknown', reason: `${foreign}; --extension names a file that has it` }
    }
    const digest = digestOfVector(vector)
    if (digest !== model)
      return { kind: 'wrong', reason: `its rule gives the model ${digest}, and not ${model}, which was certified` }
    this.#model = { digest, vector }
    return { kind: 'same' }
  }

  #workspaceOf(length: number): Workspace {
    if (this.#workspace?.length !== length) this.#workspace = new Workspace({ rows: this.#known.network.peers, length })
    return this.#workspace
  }

  /** A vector by its digest; undefined if it is not kept, and what is wrong with it if something is. */
  #payload(digest: Digest, most: number, what: string): Float32Array | string | undefined {
    for (const folder of this.#folders) {
      const path = join(folder, digest)
      const stat = lstatSync(path, { throwIfNoEntry: false })
      if (stat === undefined) continue
      if (!stat.isFile() || stat.size === 0 || stat.size > most || stat.size % 4 !== 0)
        return `${what}, ${path}, is no file of 1 to ${most / 4} numbers of 4 bytes`
      const bytes = new Uint8Array(readFileSync(path))
      const actual = digestOf(bytes)
      if (actual !== digest) return `${what}, ${path}, was changed: its digest is ${actual}`
      return new Float32Array(bytes.buffer)
    }
    return undefined
  }
}
