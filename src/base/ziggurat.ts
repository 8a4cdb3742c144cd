/**
 * The standard normal distribution cut into 256 layers of equal area (Marsaglia and Tsang 2000, "The ziggurat method
 * for generating random variables"). `edges[i]` is the right end of layer i; layer 0 is the base with the tail. The
 * layer and the place within it come from different bits of a draw, as Doornik (2005) asks for.
 */
const layers = 256
const base = 3.6541528853610088
const area = 0.00492867323399

const density = (x: number): number => Math.exp(-0.5 * x * x)

export const edges: Float64Array = (() => {
  const x = new Float64Array(layers + 1)
  x[0] = area / density(base)
  x[1] = base
  for (let i = 2; i < layers; i++) x[i] = Math.sqrt(-2 * Math.log(area / x[i - 1]! + density(x[i - 1]!)))
  return x
})()

const heights = edges.map(density)

/**
 * Decides on a point that is not inside the next layer's width: returns it, or a value of the tail, or NaN where it has
 * to be drawn again.
 */
export const outside = (layer: number, value: number, uniform: () => number): number => {
  if (layer > 0) {
    const lower = heights[layer]!
    return lower + uniform() * (heights[layer + 1]! - lower) < density(value) ? value : Number.NaN
  }
  for (;;) {
    const x = -Math.log(1 - uniform()) / base
    if (-2 * Math.log(1 - uniform()) > x * x) return value < 0 ? -base - x : base + x
  }
}
