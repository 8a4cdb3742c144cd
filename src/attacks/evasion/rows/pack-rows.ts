/** The points of some rows, one after another. */
export const packRows = (points: readonly { readonly x: Float32Array }[]): Float32Array => {
  const size = points[0]?.x.length ?? 0
  const packed = new Float32Array(points.length * size)
  for (const [at, { x }] of points.entries()) packed.set(x, at * size)
  return packed
}

/** A gradient of which a coordinate overflowed: that coordinate points nowhere. */
export const finite = (gradient: Float32Array): Float32Array => {
  for (let i = 0; i < gradient.length; i++) if (!Number.isFinite(gradient[i]!)) gradient[i] = 0
  return gradient
}

export const classLabels = <T>(rows: readonly T[], of: (row: T) => number): BigInt64Array =>
  BigInt64Array.from(rows, (row) => BigInt(of(row)))
