import { nearest } from './border.ts'
import { correlate, tapsOf } from './kernel.ts'

const sobelAcross = tapsOf(Float64Array.of(-1, 0, 1, -2, 0, 2, -1, 0, 1))
const sobelDown = tapsOf(Float64Array.of(-1, -2, -1, 0, 0, 0, 1, 2, 1))

/**
 * Edges (Canny 1986): places where the gradient, in L1, is the largest across the edge, above `high` or joined to such a
 * place by others above `low`. True where there is one.
 */
export const edgesOf = (plane: Float64Array, width: number, low: number, high: number): Uint8Array => {
  const height = plane.length / width
  const across = correlate(plane, width, sobelAcross, nearest)
  const down = correlate(plane, width, sobelDown, nearest)
  const strength = across.map((value, i) => Math.abs(value) + Math.abs(down[i]!))
  const at = (y: number, x: number): number =>
    y < 0 || y >= height || x < 0 || x >= width ? 0 : strength[y * width + x]!
  const isCrest = (i: number): boolean => {
    const [y, x, here] = [Math.floor(i / width), i % width, strength[i]!]
    const [right, below] = [Math.abs(across[i]!), Math.abs(down[i]!)]
    if (below < right * tan22) return here > at(y, x - 1) && here >= at(y, x + 1)
    if (below > right * tan67) return here > at(y - 1, x) && here >= at(y + 1, x)
    const slant = across[i]! < 0 === down[i]! < 0 ? 1 : -1
    return here > at(y - 1, x - slant) && here > at(y + 1, x + slant)
  }
  const candidate = Uint8Array.from(strength, (value, i) => (value > low && isCrest(i) ? 1 : 0))
  const edge = new Uint8Array(plane.length)
  const open = [...candidate.keys()].filter((i) => candidate[i] && strength[i]! > high)
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    if (edge[i]) continue
    edge[i] = 1
    for (const [y, x] of neighbours(i, width, height)) if (candidate[y * width + x]) open.push(y * width + x)
  }
  return edge
}

const tan22 = Math.tan(Math.PI / 8)
const tan67 = Math.tan((3 * Math.PI) / 8)

const neighbours = (i: number, width: number, height: number): readonly (readonly [number, number])[] => {
  const [y, x] = [Math.floor(i / width), i % width]
  return [-1, 0, 1]
    .flatMap((dy) => [-1, 0, 1].map((dx) => [y + dy, x + dx] as const))
    .filter(([ny, nx]) => ny >= 0 && ny < height && nx >= 0 && nx < width)
}
