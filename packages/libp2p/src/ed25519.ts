/**
 * Which Ed25519 keys and signatures can be right: one definition, the same with every version of OpenSSL under Node.
 *
 * A signature (R, S) of a message by the key A is right if
 * 1. A is the one encoding of a point of the curve that is not of small order;
 * 2. R is one of 32 bytes whose y is below p, and not the encoding of a point of small order; S < L;
 * 3. the encoding of S·B − h·A is R, byte for byte, with h = SHA-512(R ‖ A ‖ message) (RFC 8032, 5.1.7, without cofactor).
 *
 * OpenSSL does the third, in all versions. At its edges they differ: 3.0 takes keys of small order, whose signatures
 * anybody can make, in all of their encodings, and R = the neutral point; 3.5 takes neither. So what fails 1 or 2 is
 * refused here, before OpenSSL is asked. What is left has one answer: A decodes to one point, S and h are numbers, the
 * result is one point with one encoding, and bytes are equal or not; nothing is multiplied by the cofactor, and nothing
 * checked in batches, which is where verifiers disagree (Chalkias, Garillot, Nikolaenko, Taming the many EdDSAs, 2020).
 *
 * A key of mixed order (a point of order L plus one of small order) is taken. No honest peer has one, 3 is as definite
 * for it, and only who has its secret makes signatures that are right; of those that it makes by the book, one in eight.
 */

const p = 2n ** 255n - 19n
const order = 2n ** 252n + 27742317777372353535851937790883648493n
/** The curve is −x² + y² = 1 + d·x²·y². */
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n

/** The eight points of small order; those with x = 0 have another encoding each, with the sign of x set. */
const smallOrder = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
])

/** Whether 32 bytes are a key by which a signature can be right: 1 above. Costs about a signature. */
export function isSigningKey(key: Uint8Array): boolean {
  return key.length === 32 && isCanonical(key) && isOnCurve(key)
}

/** Whether 64 bytes can be a signature, of whatever by whomever: 2 above. */
export function isSignature(signature: Uint8Array): boolean {
  return signature.length === 64 && isCanonical(signature.subarray(0, 32)) && numberOf(signature.subarray(32)) < order
}

/** y < p, and not of small order. */
function isCanonical(point: Uint8Array): boolean {
  return yOf(point) < p && !smallOrder.has(Buffer.from(point).toString('hex'))
}

/** Whether an x belongs to the y: whether x² = (y² − 1) / (d·y² + 1) is a square, by Euler's criterion. */
function isOnCurve(point: Uint8Array): boolean {
  const square = yOf(point) ** 2n % p
  // A quotient is a square iff the product is; the divisor is never 0, since −1/d is none.
  return power(((square - 1n) * (d * square + 1n)) % p, (p - 1n) / 2n) === 1n
}

/** The y of an encoded point: all bits but the last, which is the sign of x. */
function yOf(point: Uint8Array): bigint {
  return BigInt.asUintN(255, numberOf(point))
}

/** Of little-endian bytes. */
function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}

/** base^exponent mod p. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let bits = exponent, square = base; bits > 0n; bits >>= 1n, square = square ** 2n % p)
    if ((bits & 1n) === 1n) result = (result * square) % p
  return result
}
