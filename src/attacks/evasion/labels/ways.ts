/** Writes the unit way from the clean row to a point, and returns its length; where that is 0, the way is no way. */
export const unitWay = (way: Float32Array, point: Float32Array, clean: Float32Array): number => {
  let squares = 0
  for (let j = 0; j < way.length; j++) {
    way[j] = point[j]! - clean[j]!
    squares += way[j]! * way[j]!
  }
  const length = Math.sqrt(squares)
  if (length > 0) for (let j = 0; j < way.length; j++) way[j]! /= length
  return length
}

/** Less of a direction than this is rounding. */
const negligible = 1e-4

/** Takes off a direction what lies along the unit way and makes it a unit itself, in place. False where nothing is left. */
export const makeAcross = (direction: Float32Array, way: Float32Array): boolean => {
  let along = 0
  let before = 0
  for (let j = 0; j < way.length; j++) {
    along += direction[j]! * way[j]!
    before += direction[j]! * direction[j]!
  }
  let left = 0
  for (let j = 0; j < way.length; j++) {
    direction[j]! -= along * way[j]!
    left += direction[j]! * direction[j]!
  }
  if (!(left > negligible ** 2 * before)) return false
  const scale = 1 / Math.sqrt(left)
  for (let j = 0; j < way.length; j++) direction[j]! *= scale
  return true
}
