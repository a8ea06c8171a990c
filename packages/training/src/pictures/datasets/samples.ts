import type { Samples } from './dataset.ts'

/** The samples from `start` to `end` − 1, not copied. */
export function slice({ images, labels }: Samples, start: number, end: number): Samples {
  const size = images.length / labels.length
  return { images: images.subarray(start * size, end * size), labels: labels.subarray(start, end) }
}

/** A copy of the samples with these indices. */
export function pick({ images, labels }: Samples, indices: Int32Array): Samples {
  const size = images.length / labels.length
  const picked = { images: new Uint8Array(indices.length * size), labels: new Uint8Array(indices.length) }
  for (const [to, from] of indices.entries()) {
    picked.images.set(images.subarray(from * size, (from + 1) * size), to * size)
    picked.labels[to] = labels[from]!
  }
  return picked
}
