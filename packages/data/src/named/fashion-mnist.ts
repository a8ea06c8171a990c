import { idx } from '../formats/idx.ts'
import type { NamedSet } from './named-set.ts'
import { readWith } from './read-with.ts'

/** In the order of their labels. */
const classes = ['t-shirt', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'ankle boot']

/** Sizes and digests as in TensorFlow Datasets, `url_checksums/fashion_mnist.txt`. */
export const fashionMnist: NamedSet<'fashion-mnist'> = {
  name: 'fashion-mnist',
  summary: '70,000 pictures of clothes, 28 × 28 grey pixels, 10 classes',
  options: {},
  source: 'Xiao, Rasul, Vollgraf: Fashion-MNIST, arXiv:1708.07747 (2017)',
  licence: 'MIT',
  mirrors: [
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
    'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion/',
  ],
  pinned: [
    {
      name: 'train-images-idx3-ubyte.gz',
      sizeBytes: 26_421_880,
      sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
    },
    {
      name: 'train-labels-idx1-ubyte.gz',
      sizeBytes: 29_515,
      sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
    },
    {
      name: 't10k-images-idx3-ubyte.gz',
      sizeBytes: 4_422_102,
      sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
    },
    {
      name: 't10k-labels-idx1-ubyte.gz',
      sizeBytes: 5_148,
      sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
    },
  ],
  gives: 'samples',
  read: (folder, _options, context) =>
    readWith(idx, { folder: '.', scale: 'pixels', classes: classes }, folder, context),
}
