import type { Random } from './random.ts'

/** Numbers from 0 to `count` - 1 in random order (Fisher and Yates). */
export const permutation = (count: number, random: Random): Int32Array => {
  const order = Int32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const moved = order[i]!
    order[i] = order[j]!
    order[j] = moved
  }
  return order
}
