import { ratings } from '../formats/ratings.ts'
import type { NamedSet } from './named-set.ts'
import { readWith } from './read-with.ts'
import { unzip } from './unpack.ts'

const archive = 'ml-latest-small.zip'
const files = ['ratings.csv', 'movies.csv', 'README.txt']

/** Size and digest as in TensorFlow Datasets, `url_checksums/movielens.txt`; the edition of September 2018. */
export const movielensSmall: NamedSet<'movielens-small'> = {
  name: 'movielens-small',
  summary: '100,836 ratings of 9,724 films by 610 users, from 0.5 to 5 stars',
  options: {},
  source: 'Harper, Konstan: The MovieLens Datasets, ACM TiiS 5(4) (2015), doi:10.1145/2827872',
  licence: 'of GroupLens: research, with a citation; no commercial use without permission',
  mirrors: [
    'https://files.grouplens.org/datasets/movielens/',
    'http://files.grouplens.org/datasets/movielens/',
    'https://raw.githubusercontent.com/e3jake/es/3b9079f95fe7e9bab290caf51f10e56167622d53/',
  ],
  pinned: [
    {
      name: archive,
      sizeBytes: 978_202,
      sha256: '696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436',
    },
  ],
  prepared: files,
  prepare: (folder) =>
    unzip(folder, {
      archive: archive,
      members: new Map(files.map((name) => [`ml-latest-small/${name}`, name])),
      bytesMost: 10_000_000,
    }),
  gives: 'ratings',
  read: (folder, _options, context) =>
    readWith(
      ratings,
      { train: 'ratings.csv', user: 'userId', item: 'movieId', time: 'timestamp', bounds: [0.5, 5] },
      folder,
      context,
    ),
}
