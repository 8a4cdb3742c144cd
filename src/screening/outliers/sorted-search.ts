/**
 * How many of the ascending values are below `value`, or at most `value` where `inclusive`; at least `from` of them are
 * known to be. Steps that double from there, then halves: quick where the answer is near.
 */
export const countBelow = (
  sorted: Float32Array | Float64Array,
  value: number,
  from: number,
  inclusive: boolean,
): number => {
  let [low, step] = [from, 1]
  while (low + step <= sorted.length) {
    const other = sorted[low + step - 1]!
    if (other > value || (other === value && !inclusive)) break
    low += step
    step *= 2
  }
  let high = Math.min(low + step - 1, sorted.length)
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = sorted[middle]!
    if (other > value || (other === value && !inclusive)) high = middle
    else low = middle + 1
  }
  return low
}
