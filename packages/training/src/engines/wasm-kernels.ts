import type { NamedAttrMap, NamedTensorInfoMap, Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs'
import type { Tensorflow } from './tensorflow.ts'

/**
 * Kernels that gradients need and tfjs-backend-wasm 4.22 has not, or not well; registered for that backend alone:
 * - `Conv2DBackpropFilter` and `UnsortedSegmentSum` (the gradient of gather, as in embedding tables) are missing;
 * - so are both gradients of a depthwise convolution, which are left to the JavaScript backend;
 * - `Conv2DBackpropInput` is slow (measured on the second layer of LeNet: 14 against 3 ms);
 * - `MaxPoolGrad` is slow and, when `same` pads one side only, wrong.
 * The tests compare each with the JavaScript backend, element by element.
 */
export function registerWasmKernels(tf: Tensorflow): void {
  const register = (kernelName: string, kernel: Kernel) => {
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => kernel(tf, inputs, attrs ?? {})),
    })
  }
  register('Conv2DBackpropFilter', conv2dFilterGradient)
  register('UnsortedSegmentSum', unsortedSegmentSum)
  for (const name of ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'])
    register(name, (_, inputs, attrs) => onJavaScript(tf, name, inputs, attrs))
  tf.unregisterKernel('MaxPoolGrad', 'wasm')
  register('MaxPoolGrad', maxPoolGradient)
  replaceConv2dInputGradient(tf)
}

type TypedArray = Float32Array | Int32Array | Uint8Array
type Kernel = (tf: Tensorflow, inputs: NamedTensorInfoMap, attrs: NamedAttrMap) => Tensor

interface JavaScriptBackend {
  makeTensorInfo(shape: number[], dtype: string, values: TypedArray): TensorInfo
  readSync(data: object): TypedArray
  disposeData(data: object, force: boolean): boolean
}

function onJavaScript(tf: Tensorflow, name: string, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): Tensor {
  const backend = tf.findBackend('cpu') as unknown as JavaScriptBackend
  const copies = Object.entries(inputs).map(([input, tensor]) => {
    const { shape, dtype } = tensor!
    return [input, backend.makeTensorInfo(shape, dtype, (tensor as Tensor).dataSync())] as const
  })
  const { kernelFunc } = tf.getKernel(name, 'cpu')
  const result = kernelFunc({ inputs: Object.fromEntries(copies), backend, attrs }) as TensorInfo
  const values = backend.readSync(result.dataId)
  for (const { dataId } of [...copies.map(([, copy]) => copy), result]) backend.disposeData(dataId, true)
  return tf.tensor(values, result.shape)
}

/** With stride 1 the gradient of the input is the convolution of the padded gradient by the turned filter. */
function replaceConv2dInputGradient(tf: Tensorflow): void {
  const original = tf.getKernel('Conv2DBackpropInput', 'wasm')
  tf.unregisterKernel('Conv2DBackpropInput', 'wasm')
  tf.registerKernel({
    ...original,
    kernelFunc: (call) => {
      const attrs = call.attrs as unknown as Conv2dAttributes & { inputShape: [number, number, number, number] }
      const { strides, pad, dimRoundingMode, dataFormat, inputShape } = attrs
      if (strides[0] !== 1 || strides[1] !== 1 || dataFormat !== 'NHWC') return original.kernelFunc(call)
      return tf.tidy(() => {
        const dy = call.inputs.dy as Tensor4D
        const filter = call.inputs.filter as Tensor4D
        const info = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad, dimRoundingMode)
        const { top, bottom, left, right } = info.padInfo
        const padded = tf.pad(dy, [
          [0, 0],
          [filter.shape[0] - 1 - top, filter.shape[0] - 1 - bottom],
          [filter.shape[1] - 1 - left, filter.shape[1] - 1 - right],
          [0, 0],
        ])
        const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2])
        return tf.conv2d(padded as Tensor4D, turned as Tensor4D, 1, 'valid')
      })
    },
  })
}

/**
 * The gradient of a filter is itself a convolution: of the input by the gradient of the output, with samples as
 * channels and with stride and dilation exchanged.
 */
function conv2dFilterGradient(tf: Tensorflow, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): Tensor {
  const filterShape = attrs.filterShape as [number, number, number, number]
  const { strides, pad, dimRoundingMode, dataFormat } = attrs as unknown as Conv2dAttributes
  if (dataFormat !== 'NHWC') throw new Error(`Conv2DBackpropFilter: data format ${dataFormat} is not NHWC`)
  const x = inputs.x as Tensor4D
  const dy = inputs.dy as Tensor4D
  const { padInfo } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode)
  const { top, bottom, left, right } = padInfo
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ])
  const images = tf.transpose(padded, [3, 1, 2, 0])
  const filter = tf.transpose(dy, [1, 2, 0, 3]) as Tensor4D
  const gradient = tf.conv2d(images as Tensor4D, filter, 1, 'valid', 'NHWC', strides)
  // A stride that does not fit the input leaves rows and columns that no window ever covered.
  const [height, width, inChannels, outChannels] = filterShape
  const covered = tf.slice(gradient, [0, 0, 0, 0], [inChannels, height, width, outChannels])
  return tf.transpose(covered, [1, 2, 0, 3])
}

interface Conv2dAttributes {
  strides: [number, number]
  pad: 'valid' | 'same' | number
  dimRoundingMode?: 'floor' | 'round' | 'ceil'
  dataFormat: string
}

/** Each output's gradient goes to the first of the largest values in its window, as on the other backends. */
function maxPoolGradient(tf: Tensorflow, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): Tensor {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes
  const input = inputs.input as Tensor4D
  const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad, dimRoundingMode)
  const { inHeight, inWidth, outHeight, outWidth, inChannels } = info
  const values = input.dataSync()
  const passed = (inputs.dy as Tensor).dataSync()
  const gradient = new Float32Array(values.length)
  let output = 0
  for (let sample = 0; sample < info.batchSize; sample++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * info.strideHeight - info.padInfo.top
      const bottom = Math.min(inHeight, top + info.filterHeight)
      for (let column = 0; column < outWidth; column++) {
        const left = column * info.strideWidth - info.padInfo.left
        const right = Math.min(inWidth, left + info.filterWidth)
        for (let channel = 0; channel < inChannels; channel++) {
          let best = -1
          for (let y = Math.max(0, top); y < bottom; y++) {
            for (let x = Math.max(0, left); x < right; x++) {
              const index = ((sample * inHeight + y) * inWidth + x) * inChannels + channel
              if (best < 0 || values[index]! > values[best]!) best = index
            }
          }
          gradient[best]! += passed[output++]!
        }
      }
    }
  }
  return tf.tensor(gradient, input.shape)
}

interface PoolAttributes {
  filterSize: [number, number]
  strides: [number, number]
  pad: 'valid' | 'same' | number
  dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** Row i of the result is the sum of the rows of x whose segment id is i; negative ids are dropped. */
function unsortedSegmentSum(tf: Tensorflow, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): Tensor {
  const x = inputs.x as Tensor
  const numSegments = attrs.numSegments as number
  const segmentIds = (inputs.segmentIds as Tensor).dataSync()
  const rowShape = x.shape.slice(1)
  const rowLength = rowShape.reduce((size, length) => size * length, 1)
  const values = x.dataSync()
  const sums = new Float32Array(numSegments * rowLength)
  for (const [row, segment] of segmentIds.entries()) {
    if (segment < 0 || segment >= numSegments) continue
    for (let column = 0; column < rowLength; column++) {
      sums[segment * rowLength + column]! += values[row * rowLength + column]!
    }
  }
  return tf.tensor(sums, [numSegments, ...rowShape], x.dtype)
}
