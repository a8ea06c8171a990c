/** Decoders throw on malformed bytes; a malformed message is a fault of its sender, not an error of ours. */
export function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}

/**
 * The message in the bytes, if they are its one encoding: no padding, no unknown fields, nothing out of order. Else
 * anybody could make other bytes of an honest peer's words, and peers would keep and pass on more than is said.
 */
export function decodeExactly<T, O>(
  codec: { decode(bytes: Uint8Array, options?: O): T; encode(message: NoInfer<T>): Uint8Array },
  bytes: Uint8Array,
  options?: O,
): T | undefined {
  const message = attempt(() => codec.decode(bytes, options))
  return message !== undefined && Buffer.compare(codec.encode(message), bytes) === 0 ? message : undefined
}
