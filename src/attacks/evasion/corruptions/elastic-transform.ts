import type { Random } from '../../../base/random.ts'
import { mirror, reflect } from './border.ts'
import { defineCorruption } from './corruption.ts'
import { type Image, mapPlanes } from './image.ts'
import { filterBothAxes, gaussianWeights } from './separable.ts'
import { affineBetween, type Point, type Sources, warped } from './warp.ts'

/** In shares of the shorter side. */
interface Stretch {
  /** How far pixels are moved, at most. */
  readonly strength: number
  /** Standard deviation of the Gaussian that smooths where to. */
  readonly smoothness: number
  /** How far the corners of the affine map are moved, at most. */
  readonly affine: number
}

const stretch = (strength: number, smoothness: number, affine: number): Stretch => ({ strength, smoothness, affine })

/** The published constants of ImageNet-C are multiples of 244, on images of 224 pixels. */
const ofImageNet = (strength: number, smoothness: number, affine: number): Stretch =>
  stretch((strength * 244) / 224, (smoothness * 244) / 224, (affine * 244) / 224)

/** A random affine map, then a smooth random displacement (Simard, Steinkraus and Platt 2003). */
export const elasticTransform = defineCorruption<Stretch>({
  id: 'elastic-transform',
  title: 'Elastic transform: stretched and bent',
  small: [
    stretch(0, 0, 0.08),
    stretch(0.05, 0.2, 0.07),
    stretch(0.08, 0.06, 0.06),
    stretch(0.1, 0.04, 0.05),
    stretch(0.1, 0.03, 0.03),
  ],
  large: [
    ofImageNet(2, 0.7, 0.1),
    ofImageNet(2, 0.08, 0.2),
    ofImageNet(0.05, 0.01, 0.02),
    ofImageNet(0.07, 0.01, 0.02),
    ofImageNet(0.12, 0.01, 0.02),
  ],
  apply: (image, shares, random) => {
    const { height, width } = image
    const side = Math.min(height, width)
    const back = affineSource(image, shares.affine * side, random)
    const weights = gaussianWeights(shares.smoothness * side, 3)
    const moves = (): Float64Array => {
      const drawn = Float64Array.from({ length: height * width }, () => 2 * random.uniform() - 1)
      return filterBothAxes(drawn, width, weights, reflect).map((value) => value * shares.strength * side)
    }
    const [across, down] = [moves(), moves()]
    const bent = {
      y: down.map((move, i) => Math.floor(i / width) + move),
      x: across.map((move, i) => (i % width) + move),
    }
    return mapPlanes(image, (plane) => warped(warped(plane, width, back, mirror), width, bent, reflect))
  },
})

/** Three corners of a square in the middle, each coordinate moved at random, give the map; this is its inverse. */
const affineSource = ({ height, width }: Image, furthest: number, random: Random): Sources => {
  const half = Math.max(1, Math.floor(Math.min(height, width) / 3))
  const [x, y] = [Math.floor(width / 2), Math.floor(height / 2)]
  const moved = ([atX, atY]: Point): Point => [
    atX + furthest * (2 * random.uniform() - 1),
    atY + furthest * (2 * random.uniform() - 1),
  ]
  const corners: readonly [Point, Point, Point] = [
    [x + half, y + half],
    [x + half, y - half],
    [x - half, y - half],
  ]
  const back = affineBetween([moved(corners[0]), moved(corners[1]), moved(corners[2])], corners)
  const sources = { y: new Float64Array(height * width), x: new Float64Array(height * width) }
  for (let i = 0; i < height * width; i++) [sources.x[i], sources.y[i]] = back(i % width, Math.floor(i / width))
  return sources
}
