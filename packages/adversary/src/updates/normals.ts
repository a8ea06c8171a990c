import type { RandomStream } from '@hearsay/catalogue/random'

/** So many independent normal numbers of mean 0 and deviation 1 (Box and Muller 1958: two uniform numbers make two). */
export function normals(count: number, random: Pick<RandomStream, 'uniform'>): Float64Array {
  const numbers = new Float64Array(count)
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()))
    const angle = 2 * Math.PI * random.uniform()
    numbers[i] = radius * Math.cos(angle)
    if (i + 1 < count) numbers[i + 1] = radius * Math.sin(angle)
  }
  return numbers
}
