// Data sets that ship: one line for each.
export { cifar10 } from './cifar-10.ts'
export { fashionMnist } from './fashion-mnist.ts'
export { har } from './har.ts'
export { mnist } from './mnist.ts'
