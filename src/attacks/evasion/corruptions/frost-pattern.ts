import type { Random } from '../../../base/random.ts'
import { nearest } from './border.ts'
import { plasmaFor } from './plasma.ts'
import { filterBothAxes, gaussianWeights } from './separable.ts'

/**
 * Ice crystals on a window, of mean 0 and standard deviation 1: ferns with branches at 60 degrees, on a cloudy ground.
 * Crystals are as large, for the image, as in the photographs of ImageNet-C.
 */
export const frostPattern = (height: number, width: number, random: Random): Float64Array => {
  const ice = new Float64Array(height * width)
  const side = Math.min(height, width)
  const stroke = (y: number, x: number, light: number): void => {
    const [row, column] = [Math.round(y), Math.round(x)]
    if (row < 0 || row >= height || column < 0 || column >= width) return
    ice[row * width + column] = Math.max(ice[row * width + column]!, light)
  }
  const fern = (y: number, x: number, angle: number, length: number, light: number, depth: number): void => {
    const spacing = Math.max(2, length / 8)
    let untilBranch = spacing
    for (let along = 0; along < length; along += 0.5) {
      const fading = light * (1 - (0.6 * along) / length)
      const [atY, atX] = [y + along * Math.sin(angle), x + along * Math.cos(angle)]
      stroke(atY, atX, fading)
      untilBranch -= 0.5
      if (untilBranch > 0 || depth === 0) continue
      untilBranch = spacing
      const branch = 0.45 * (length - along) * (0.7 + 0.6 * random.uniform())
      const turn = Math.PI / 3 + 0.3 * (random.uniform() - 0.5)
      for (const bend of [-turn, turn]) fern(atY, atX, angle + bend, branch, 0.85 * fading, depth - 1)
    }
  }
  for (let seed = 0; seed < crystals; seed++)
    fern(
      height * (1.4 * random.uniform() - 0.2),
      width * (1.4 * random.uniform() - 0.2),
      2 * Math.PI * random.uniform(),
      side * (0.08 + 0.32 * random.uniform()),
      0.5 + 0.5 * random.uniform(),
      2,
    )
  const soft = filterBothAxes(ice, width, gaussianWeights(Math.max(0.5, side / 250)), nearest)
  const ground = plasmaFor(height, width, 1.4, random)
  return standardised(soft.map((value, i) => value + 0.8 * ground[i]!))
}

const crystals = 60

const standardised = (values: Float64Array): Float64Array => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return values.map((value) => (deviation === 0 ? 0 : (value - mean) / deviation))
}
