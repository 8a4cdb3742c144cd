import type { Norm } from '../../../threat/norm.ts'
import { linearClassifier, type Rows } from '../../testing.ts'

const weights = [
  [1, -0.5, 0.25, 0],
  [0.5, -0.4, 0.4, 0.3],
  [0.1, 0.9, -0.3, 0.4],
]
const bias = 0.2
const clean = Float32Array.of(0.7, 0.4, 0.5, 0.5)

/** Steep enough for cross-entropy to tell the classes apart; so steep that softmax gives exactly 1 and 0. */
export const [steep, saturated] = [20, 1000] as const

/** A row of class 0 and a linear model: class 1 is the likelier of the others, and class 2 the nearer. */
export const threeClasses = async (scale: number = steep): Promise<Rows> => ({
  model: await linearClassifier(
    weights.map((row) => row.map((w) => scale * w)),
    [scale * bias, 0, 0],
  ),
  x: clean.slice(),
  labels: Int32Array.of(0),
})

/** How far the boundary with another class is: the margin over the dual norm of its slope. */
export const wayToClass = (aim: number, norm: Exclude<Norm, 'l0'>): number => {
  const slope = weights[0]!.map((w, i) => w - weights[aim]![i]!)
  const lead = bias + slope.reduce((sum, w, i) => sum + w * clean[i]!, 0)
  const dual = {
    linf: slope.reduce((sum, w) => sum + Math.abs(w), 0),
    l2: Math.hypot(...slope),
    l1: Math.max(...slope.map(Math.abs)),
  }
  return lead / dual[norm]
}
