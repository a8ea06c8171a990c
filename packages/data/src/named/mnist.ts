import { idx } from '../formats/idx.ts'
import type { NamedSet } from './named-set.ts'
import { readWith } from './read-with.ts'

/** Sizes and digests as in TensorFlow Datasets, `url_checksums/mnist.txt`. */
export const mnist: NamedSet<'mnist'> = {
  name: 'mnist',
  summary: '70,000 handwritten digits, 28 × 28 grey pixels, 10 classes',
  options: {},
  source: 'LeCun, Cortes, Burges: The MNIST database of handwritten digits',
  licence: 'CC BY-SA 3.0',
  mirrors: ['https://storage.googleapis.com/cvdf-datasets/mnist/', 'https://ossci-datasets.s3.amazonaws.com/mnist/'],
  pinned: [
    {
      name: 'train-images-idx3-ubyte.gz',
      sizeBytes: 9_912_422,
      sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
    },
    {
      name: 'train-labels-idx1-ubyte.gz',
      sizeBytes: 28_881,
      sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
    },
    {
      name: 't10k-images-idx3-ubyte.gz',
      sizeBytes: 1_648_877,
      sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
    },
    {
      name: 't10k-labels-idx1-ubyte.gz',
      sizeBytes: 4_542,
      sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
    },
  ],
  gives: 'samples',
  read: (folder, _options, context) => readWith(idx, { folder: '.', scale: 'pixels' }, folder, context),
}
