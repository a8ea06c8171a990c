// Data sets that ship: one line for each.
export { adult } from './adult.ts'
export { cifar10 } from './cifar-10.ts'
export { fashionMnist } from './fashion-mnist.ts'
export { har } from './har.ts'
export { mnist } from './mnist.ts'
export { movielens100k } from './movielens-100k.ts'
export { movielensSmall } from './movielens-small.ts'
