import { clamp } from './row-norms.ts'

/**
 * The nearest point (in L2) to `x0 + delta` inside both the L1 ball of radius `epsilon` around `x0` and the box
 * [low, high], as a perturbation; `delta` is overwritten (Croce and Hein 2021, arXiv:2103.01208, proposition 2.2).
 *
 * The answer is sign(delta) clamp(|delta| - tau, 0, room), where room is the way to the box and tau the smallest
 * non-negative number that meets the budget. The budget is piecewise linear and falling in tau: Newton's steps inside a
 * bracket end on the right piece, where they are exact.
 */
export const projectL1Box = (
  delta: Float64Array,
  x0: Float32Array,
  epsilon: number,
  low: number,
  high: number,
): Float64Array => {
  const size = delta.length
  const room = (i: number): number => Math.max(0, delta[i]! < 0 ? x0[i]! - low : high - x0[i]!)
  let below = 0
  let above = 0
  for (let i = 0; i < size; i++) above = Math.max(above, Math.abs(delta[i]!))
  let tau = 0
  for (let pass = 0; pass < 200; pass++) {
    let spent = 0
    let sliding = 0
    for (let i = 0; i < size; i++) {
      const left = Math.abs(delta[i]!) - tau
      if (left <= 0) continue
      const most = room(i)
      spent += Math.min(left, most)
      if (left <= most) sliding++
    }
    const excess = spent - epsilon
    if (pass === 0 && excess <= 0) break
    if (Math.abs(excess) <= 1e-12 * epsilon) break
    if (excess > 0) below = tau
    else above = tau
    const newton = sliding > 0 ? tau + excess / sliding : above
    const next = newton > below && newton < above ? newton : (below + above) / 2
    tau = next > below && next < above ? next : above
    if (tau === above) break
  }
  for (let i = 0; i < size; i++) delta[i] = Math.sign(delta[i]!) * clamp(Math.abs(delta[i]!) - tau, 0, room(i))
  return delta
}
