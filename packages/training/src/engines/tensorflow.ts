/** What every backend of TensorFlow.js offers. */
export type Tensorflow = typeof import('@tensorflow/tfjs')
