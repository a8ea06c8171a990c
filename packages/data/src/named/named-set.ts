import type { Member, Options } from '@hearsay/catalogue'
import type { DataContext } from '../format/format.ts'
import type { Ratings } from '../format/ratings.ts'
import type { Samples } from '../format/samples.ts'

/** A data set that is known by name: where its files are had, what they must be, and how they are read. */
export interface NamedSet<Name extends string = string> extends Member<Name> {
  /** Whose it is, as it is to be cited. */
  readonly source: string
  readonly licence: string
  /** Base URLs that end in a slash, tried in turn. */
  readonly mirrors: readonly string[]
  readonly pinned: readonly PinnedFile[]
  /** What is made of them by `prepare`, by name in the same folder; of a set without, they are read themselves. */
  readonly prepared?: readonly string[]
  /** Unpacks or rewrites the pinned files. */
  prepare?(folder: string): Promise<void>
  readonly gives: 'samples' | 'ratings'
  /** Throws DataError. */
  read(folder: string, options: Options, context: DataContext): Promise<Samples | Ratings>
  /** The same with empty inputs, where that is had for less. */
  outline?(folder: string, options: Options, context: DataContext): Promise<Samples>
}

/** One pinned file: what is downloaded is used only if it has this size and digest. */
export interface PinnedFile {
  readonly name: string
  readonly sizeBytes: number
  /** Hexadecimal SHA-256. */
  readonly sha256: string
}

/** Which files reading needs, by name in the folder. */
export function neededFiles({ pinned, prepared }: NamedSet): readonly string[] {
  return prepared ?? pinned.map(({ name }) => name)
}
