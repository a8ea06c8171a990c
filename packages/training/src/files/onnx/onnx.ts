/**
 * A model of dense and convolutional layers as ONNX (github.com/onnx/onnx, docs/IR.md, docs/Operators.md; opset 13): one input
 * `input` of shape [n, …the shape of a sample], one output `logits` of shape [n, outputs]. Pictures keep their channels last, as
 * everywhere in Hearsay; the graph turns them where ONNX wants channels first.
 */
import { type LayerPlan, strideOf } from '../../layers/plan.ts'
import type { LayerSpec } from '../../task/layers.ts'
import type { About } from '../about.ts'
import { type AttributeProto, ModelProto, type NodeProto, type TensorProto, type ValueInfoProto } from './onnx.pb.js'

const floatType = 1
const attributeTypes = { int: 2, text: 3, ints: 7 } as const
/** Of the format: opset 13 came with it. */
const irVersion = 7n
const opset = 13n

/** @param plans that parameters of length d belong to */
export function encodeOnnx(plans: readonly LayerPlan[], parameters: Float32Array, about: About): Uint8Array {
  const graph = new Graph(parameters)
  for (const [index, plan] of plans.entries()) graph.add(plan, `layers.${index}`)
  const sample = plans[0]!.inputShape
  const result = plans.at(-1)!.outputShape
  return ModelProto.encode({
    irVersion,
    producerName: 'hearsay',
    producerVersion: about.version,
    opsetImport: [{ domain: '', version: opset }],
    metadataProps: [{ key: 'hearsay', value: JSON.stringify(about) }],
    graph: {
      name: 'hearsay',
      node: graph.finish(),
      initializer: graph.tensors,
      input: [described('input', sample)],
      output: [described('logits', result)],
    },
  })
}

class Graph {
  readonly tensors: TensorProto[] = []
  readonly #nodes: NodeProto[] = []
  readonly #parameters: Float32Array
  /** Name of the value that comes next. */
  #value = 'input'
  /** Whether it has its channels first. */
  #first = false

  constructor(parameters: Float32Array) {
    this.#parameters = parameters
  }

  add({ spec, weights: [kernel, bias] }: LayerPlan, name: string): void {
    if (spec.kind !== 'dense') this.#turn(spec.kind !== 'flatten', name)
    if (spec.kind === 'flatten') this.#node('Flatten', name, [], [int('axis', 1)])
    else if (spec.kind === 'max-pool') this.#node('MaxPool', name, [], windowOf(spec))
    else {
      const inputs = [this.#kernel(`${name}.kernel`, kernel!), this.#tensor(`${name}.bias`, bias!)]
      this.#node(spec.kind === 'dense' ? 'Gemm' : 'Conv', name, inputs, spec.kind === 'dense' ? [] : windowOf(spec))
      if (spec.activation !== 'none')
        this.#node(spec.activation === 'relu' ? 'Relu' : 'Tanh', `${name}.${spec.activation}`, [])
    }
  }

  /** All nodes; the last one gives `logits`. */
  finish(): NodeProto[] {
    this.#turn(false, 'end')
    this.#node('Identity', 'logits', [])
    this.#nodes.at(-1)!.output = ['logits']
    return this.#nodes
  }

  /** Puts channels first or last. */
  #turn(first: boolean, name: string): void {
    if (this.#first === first) return
    this.#first = first
    this.#node('Transpose', `${name}.turned`, [], [ints('perm', first ? [0, 3, 1, 2] : [0, 2, 3, 1])])
  }

  #node(opType: string, name: string, more: readonly string[], attribute: AttributeProto[] = []): void {
    this.#nodes.push({ opType, name, input: [this.#value, ...more], output: [name], attribute })
    this.#value = name
  }

  #tensor(name: string, { shape, offset, length }: LayerPlan['weights'][number]): string {
    return this.#keep(name, shape, this.#parameters.slice(offset, offset + length))
  }

  /** Of a convolution, [height, width, inputs, outputs], as [outputs, inputs, height, width]. */
  #kernel(name: string, place: LayerPlan['weights'][number]): string {
    const { shape, offset } = place
    if (shape.length === 2) return this.#tensor(name, place)
    const [height, width, inputs, outputs] = shape as [number, number, number, number]
    const window = height * width
    const turned = new Float32Array(window * inputs * outputs)
    for (let at = 0; at < turned.length; at++) {
      const [output, input, pixel] = [
        at % outputs,
        Math.floor(at / outputs) % inputs,
        Math.floor(at / (outputs * inputs)),
      ]
      turned[(output * inputs + input) * window + pixel] = this.#parameters[offset + at]!
    }
    return this.#keep(name, [outputs, inputs, height, width], turned)
  }

  #keep(name: string, shape: readonly number[], values: Float32Array<ArrayBuffer>): string {
    this.tensors.push({ name, dims: shape.map(BigInt), dataType: floatType, rawData: new Uint8Array(values.buffer) })
    return name
  }
}

function windowOf(spec: Extract<LayerSpec, { kind: 'conv2d' | 'max-pool' }>): AttributeProto[] {
  const stride = strideOf(spec)
  const padding = spec.padding === 'same' ? 'SAME_UPPER' : 'VALID'
  return [ints('kernel_shape', [spec.size, spec.size]), ints('strides', [stride, stride]), text('auto_pad', padding)]
}

function described(name: string, shape: readonly number[]): ValueInfoProto {
  const dim = [{ dimParam: 'n' }, ...shape.map((side) => ({ dimValue: BigInt(side) }))]
  return { name, type: { tensorType: { elemType: floatType, shape: { dim } } } }
}

function attribute(name: string, type: number, value: Partial<AttributeProto>): AttributeProto {
  return { name, type, i: 0n, s: new Uint8Array(0), ints: [], ...value }
}

function int(name: string, value: number): AttributeProto {
  return attribute(name, attributeTypes.int, { i: BigInt(value) })
}

function ints(name: string, values: readonly number[]): AttributeProto {
  return attribute(name, attributeTypes.ints, { ints: values.map(BigInt) })
}

function text(name: string, value: string): AttributeProto {
  return attribute(name, attributeTypes.text, { s: new TextEncoder().encode(value) })
}
