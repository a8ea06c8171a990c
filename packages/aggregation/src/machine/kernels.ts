import { AggregationError } from './error.ts'
import { kernelsBase64, memoryFlagsAt } from './kernels.wasm.ts'

/** The exports of `kernels/index.ts`; arguments are addresses, numbers of rows or columns, and sizes in bytes. */
export interface Kernels {
  allFinite(row: number, columns: number): number
  mean(rows: number, n: number, at: number, columns: number, scratch: number, out: number): number
  weightedSum(
    rows: number,
    weights: number,
    n: number,
    divisor: number,
    at: number,
    columns: number,
    scratch: number,
    out: number,
  ): number
  trimmedMean(rows: number, n: number, trim: number, at: number, columns: number, ...sort: SortArguments): number
  nearestMean(
    rows: number,
    n: number,
    first: number,
    last: number,
    keep: number,
    at: number,
    columns: number,
    ...sort: SortArguments
  ): number
  weightedTrimmedMean(
    rows: number,
    weights: number,
    n: number,
    trim: number,
    total: number,
    lowest: number,
    middle: number,
    at: number,
    columns: number,
    ...sort: SortArguments
  ): number
  quadraticMedian(
    rows: number,
    weights: number,
    n: number,
    resilience: number,
    clipped: number,
    total: number,
    at: number,
    columns: number,
    ...sort: SortArguments
  ): number
  mix(table: number, n: number, at: number, bytes: number, to: number, laneBytes: number): number
  fastProducts(
    rows: number,
    n: number,
    at: number,
    columns: number,
    reference: number,
    scratch: number,
    sums: number,
  ): void
  distances(rows: number, n: number, pitch: number, at: number, columns: number, scratch: number, sums: number): number
  products(
    rows: number,
    n: number,
    pitch: number,
    at: number,
    columns: number,
    scratch: number,
    sums: number,
    reference: number,
  ): number
  countSigned(from: number, count: number, sign: number): number
  gather(row: number, table: number, count: number, to: number): void
  product(a: number, b: number, r: number, columns: number): number
  squaredDistance(a: number, r: number, columns: number): number
  squaredNorm(a: number, columns: number): number
}

type SortArguments = [
  classes: number,
  network: number,
  comparators: number,
  scratch: number,
  laneBytes: number,
  out: number,
]

// The part of the WebAssembly API in use. Its types ship only with those of the DOM, which would let this room name
// browser globals that Node has not.
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object
  Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => Memory<ArrayBufferLike>
  Instance: new (module: object, imports: Record<string, Record<string, object>>) => { readonly exports: object }
}
declare const WebAssembly: WebAssemblyApi

interface Memory<B extends ArrayBufferLike> {
  readonly buffer: B
}

/** The compiled kernels and a memory for them, which other threads may be given when it is shared. */
export interface KernelMemory<B extends ArrayBufferLike = ArrayBufferLike> {
  readonly module: object
  readonly memory: Memory<B>
}

const pageBytes = 65_536

// One page less than 32-bit addresses allow, so that the address just after the last byte does not wrap to 0.
const mostBytes = 65_535 * pageBytes

/** In the flags of the memory that the module imports. */
const sharedFlag = 2

const compiled = new Map<boolean, object>()

/**
 * A memory for kernels of at least `sizeBytes`, zeroed, that never grows.
 * Throws AggregationError `workspace-too-large` above 4 GiB or when the machine has no room, and `bad-workers` when memory
 * is to be shared where nothing is.
 */
export function allocateKernelMemory(sizeBytes: number, shared: boolean): KernelMemory {
  if (sizeBytes > mostBytes) throw tooLarge(sizeBytes, 'kernel memory ends at 4 GiB')
  if (shared && typeof SharedArrayBuffer === 'undefined') {
    throw new AggregationError(
      'bad-workers',
      'Memory cannot be shared with workers here: a browser allows it on pages that are cross-origin isolated.',
    )
  }
  return { module: compile(shared), memory: allocate(Math.ceil(sizeBytes / pageBytes), shared) }
}

/** The kernels, working on this memory. */
export function instantiateKernels({ module, memory }: KernelMemory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels
}

/** Once for memory of one's own and once for shared memory, which differ by one bit. */
function compile(shared: boolean): object {
  const known = compiled.get(shared)
  if (known) return known
  const bytes = Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0))
  if (!shared) bytes[memoryFlagsAt]! &= ~sharedFlag
  const module = new WebAssembly.Module(bytes)
  compiled.set(shared, module)
  return module
}

function allocate(pages: number, shared: boolean): Memory<ArrayBufferLike> {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
  } catch (cause) {
    throw tooLarge(pages * pageBytes, 'the machine could not reserve it', cause)
  }
}

function tooLarge(sizeBytes: number, why: string, cause?: unknown): AggregationError {
  const size = sizeBytes < 2 ** 40 ? `${Math.ceil(sizeBytes / 2 ** 20)} MiB` : `${sizeBytes.toPrecision(2)} bytes`
  return new AggregationError(
    'workspace-too-large',
    `A workspace of ${size} is too large: ${why}. Use fewer rows or shorter vectors.`,
    { cause },
  )
}
