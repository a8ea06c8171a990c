import type { Architecture, Topology } from '../task/architecture.ts'
import type { Network } from './network.ts'

/**
 * What TensorFlow.js calls layers and models that nobody has named, counted up in a process: dense_Dense7, sequential_2, model3; in
 * names of weights with what a bidirectional layer puts before them.
 */
const counted =
  /(?<=["/](?:(?:forward|backward)_)?)(?!(?:forward|backward)_)([a-z][a-z0-9_]*_[A-Z][A-Za-z0-9]*?|sequential_|model)(\d+)(?=(?:_input)?["/])/g

export function architectureOf(network: Network): Architecture {
  return { topology: topologyOf(network) }
}

/** A model without its numbers, in the same words however many models a process has made. */
function topologyOf({ model, variables }: Network): Topology {
  const names = new Map(model.weights.map((weight) => [weight.read(), weight.originalName]))
  const weights = variables.map((variable) => names.get(variable)!)
  const found = new Map<string, string>()
  const counts = new Map<string, number>()
  const text = JSON.stringify({ model: model.toJSON(undefined, false), weights })
  return JSON.parse(
    text.replaceAll(counted, (name: string, kind: string) => {
      const known = found.get(name)
      if (known !== undefined) return known
      const count = (counts.get(kind) ?? 0) + 1
      counts.set(kind, count)
      found.set(name, `${kind}${count}`)
      return `${kind}${count}`
    }),
  ) as Topology
}
