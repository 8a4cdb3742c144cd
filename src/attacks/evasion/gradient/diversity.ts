import type { ProgramBuilder, RowInput } from '../../../models/program.ts'
import type { Value } from '../../../onnx/builder.ts'
import { placement } from '../../../onnx/placement.ts'
import type { AttackContext } from '../../../threat/attack.ts'

/** Input diversity (Xie et al. 2019, arXiv:1803.06978): the gradient is taken at a picture that was shrunk and put somewhere. */
export interface Diversity {
  /** That a row is shrunk, in each step anew. */
  readonly probability: number
  /** Share of its sides that a picture keeps at least. */
  readonly smallest: number
}

const number: RowInput = { dtype: 'float32', dims: [1, 1, 1] }
/** What a graph reads of each row's draw: whole numbers of pixels. */
export const diversityInputs = { height: number, width: number, top: number, left: number } as const

/** One draw a row; a function of the row and the step only, so every surrogate sees the same picture. */
export const diversityDraws = (
  { random }: Pick<AttackContext, 'random'>,
  rows: Int32Array,
  step: number,
  { probability, smallest }: Diversity,
  [, tall = 1, broad = 1]: readonly number[],
): Readonly<Record<keyof typeof diversityInputs, Float32Array>> => {
  const empty = (): Float32Array => new Float32Array(rows.length)
  const draws = { height: empty(), width: empty(), top: empty(), left: empty() }
  for (const [i, row] of rows.entries()) {
    const numbers = random(row, 'diversity', step)
    const shrinks = numbers.uniform() < probability
    const share = numbers.uniform()
    const shrunk = (side: number): number => {
      const least = Math.max(1, Math.floor(smallest * side))
      return shrinks ? least + Math.floor(share * (side - least)) : side
    }
    draws.height[i] = shrunk(tall)
    draws.width[i] = shrunk(broad)
    draws.top[i] = numbers.integer(tall - draws.height[i]! + 1)
    draws.left[i] = numbers.integer(broad - draws.width[i]! + 1)
  }
  return draws
}

/** Pictures [rows, channels, height, width] as their draws show them, on a ground of the lowest value. */
export const diversified = (
  { g, input }: Pick<ProgramBuilder, 'g' | 'input'>,
  pictures: Value,
  [, tall = 1, broad = 1]: readonly number[],
  low: number,
): Value => {
  const rows = placement(g, tall, input('height'), input('top'))
  const columns = placement(g, broad, input('width'), input('left'))
  return g.add(g.matmul(g.matmul(rows, g.sub(pictures, low)), g.transpose(columns, [0, 1, 3, 2])), low)
}
