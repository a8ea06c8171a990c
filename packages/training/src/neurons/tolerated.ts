/** How many neurons of one layer may fail, when those of all others are well. */
import type { Bound } from './bounds.ts'

export interface Tolerance {
  /** From 0, of the hidden layers. */
  readonly layer: number
  readonly neurons: number
  /** What one failed neuron does at most to any output. */
  readonly one: number
  /** Greatest f whose bound is at most what may be lost; N when all may fail. */
  readonly tolerated: number
}

/** @param allowed ε − ε′: what outputs may be off by. A bound does not fall with f of one layer, so halving finds the greatest. */
export function toleranceOf(bound: Bound, neurons: readonly number[], allowed: number): Tolerance[] {
  return neurons.map((count, layer) => {
    const worst = (f: number): number => bound(neurons.map((_, at) => (at === layer ? f : 0))).reduce(greater)
    let [least, most] = [0, count]
    while (least < most) {
      const middle = Math.ceil((least + most) / 2)
      if (worst(middle) <= allowed) least = middle
      else most = middle - 1
    }
    return { layer, neurons: count, one: worst(1), tolerated: least }
  })
}

/** The layer that bears the fewest failures; of several the one in which one failure does most. */
export function weakestOf(tolerances: readonly Tolerance[]): Tolerance {
  return tolerances.reduce((weakest, each) => {
    if (each.tolerated !== weakest.tolerated) return each.tolerated < weakest.tolerated ? each : weakest
    return each.one > weakest.one ? each : weakest
  })
}

const greater = (a: number, b: number): number => Math.max(a, b)
