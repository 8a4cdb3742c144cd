/** How well two gradients, one array a weight, point the same way, and which way the second has to change for more of it. */
export interface Alignment {
  /** Cosine of the angle between them; 0 where one is zero. */
  readonly cosine: number
  /** Gradient of the cosine by the second. */
  readonly direction: readonly Float32Array[]
}

export const alignmentOf = (wanted: readonly Float32Array[], has: readonly Float32Array[]): Alignment => {
  const [product, wantedLength, length] = [dot(wanted, has), Math.sqrt(dot(wanted, wanted)), Math.sqrt(dot(has, has))]
  const scale = wantedLength * length
  if (!(scale > 0) || !Number.isFinite(scale)) return { cosine: 0, direction: has.map((part) => part.map(() => 0)) }
  const cosine = product / scale
  return {
    cosine,
    // Of length 1 / |has|, which shrinks and grows with the loss; only signs of what it leads to are used.
    direction: has.map((part, i) => part.map((value, j) => wanted[i]![j]! / wantedLength - (cosine * value) / length)),
  }
}

const dot = (a: readonly Float32Array[], b: readonly Float32Array[]): number => {
  let sum = 0
  for (const [i, part] of a.entries()) for (let j = 0; j < part.length; j++) sum += part[j]! * b[i]![j]!
  return sum
}
