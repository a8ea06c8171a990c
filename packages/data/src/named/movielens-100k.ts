import { ratings } from '../formats/ratings.ts'
import type { NamedSet } from './named-set.ts'
import { readWith } from './read-with.ts'
import { unzip } from './unpack.ts'

const archive = 'ml-100k.zip'
const files = ['u.data', 'u.item', 'u.user', 'README']

/** Size and digest as in TensorFlow Datasets, `url_checksums/movielens.txt`. */
export const movielens100k: NamedSet<'movielens-100k'> = {
  name: 'movielens-100k',
  summary: '100,000 ratings of 1,682 films by 943 users, from 1 to 5 stars',
  options: {},
  source: 'Harper, Konstan: The MovieLens Datasets, ACM TiiS 5(4) (2015), doi:10.1145/2827872',
  licence: 'of GroupLens: research, with a citation; no redistribution or commercial use without permission',
  mirrors: ['https://files.grouplens.org/datasets/movielens/', 'http://files.grouplens.org/datasets/movielens/'],
  pinned: [
    {
      name: archive,
      sizeBytes: 4_924_029,
      sha256: '50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229',
    },
  ],
  prepared: files,
  prepare: (folder) =>
    unzip(folder, {
      archive: archive,
      members: new Map(files.map((name) => [`ml-100k/${name}`, name])),
      bytesMost: 10_000_000,
    }),
  gives: 'ratings',
  read: (folder, _options, context) =>
    readWith(
      ratings,
      { train: 'u.data', separator: '\t', columns: ['user', 'item', 'rating', 'time'], time: 'time', bounds: [1, 5] },
      folder,
      context,
    ),
}
