import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { distancesTo } from './chamfer.ts'
import { edgesOf } from './edges.ts'
import { equalised } from './equalise.ts'
import { fog } from './fog.ts'
import { frost } from './frost.ts'
import { frostPattern } from './frost-pattern.ts'
import { plasma } from './plasma.ts'
import { snow } from './snow.ts'
import { spatter } from './spatter.ts'
import { corrupt, deviationOf, filled, meanOf } from './testing.ts'

const dims = [3, 24, 20]
const area = 24 * 20
const random = stream('weather')
const scene = Float32Array.from({ length: 3 * area }, () => 0.6 * random.uniform())

describe('fog', () => {
  it('lies between no cloud and the thickest, and leaves the dark dark', async () => {
    const brightest = scene.reduce((a, b) => Math.max(a, b))
    const left = brightest / (brightest + 1.5)
    for (const [i, value] of (await corrupt(fog, dims, scene, 5)).entries()) {
      expect(value).toBeGreaterThan(scene[i]! * left - 1e-6)
      expect(value).toBeLessThan((scene[i]! + 1.5) * left + 1e-6)
    }
    expect(meanOf(await corrupt(fog, dims, filled(3 * area, 0), 5))).toBe(0)
  })

  it('is a cloud from 0 to 1, smoother with a faster decay, and the same on every channel', async () => {
    const roughness = (decay: number): number => {
      const cloud = plasma(32, decay, stream('cloud'))
      expect([Math.min(...cloud), Math.max(...cloud)]).toEqual([0, 1])
      return meanOf(cloud.subarray(1).map((value, i) => Math.abs(value - cloud[i]!)))
    }
    expect(roughness(3)).toBeLessThan(0.7 * roughness(1.4))
    const added = (await corrupt(fog, dims, filled(3 * area, 0.2), 3)).map((value) => value)
    expect(added.slice(0, area)).toEqual(added.slice(2 * area))
  })

  it('on the smallest grid is drawn as by hand', () => {
    const drawn = stream('two')
    const [middle, right, below] = Array.from({ length: 3 }, () => 2 * drawn.uniform() - 1)
    const centre = middle!
    const edge = (value: number): number => (2 * centre) / 4 + value
    const raw = [0, edge(right!), edge(below!), centre]
    const [low, high] = [Math.min(...raw), Math.max(...raw)]
    for (const [i, value] of plasma(2, 2, stream('two')).entries())
      expect(value).toBeCloseTo((raw[i]! - low) / (high - low), 12)
  })
})

describe('snow', () => {
  it('only ever brightens, and more at higher severities', async () => {
    const means = [0]
    for (const severity of [1, 2, 3, 4, 5]) {
      const snowy = await corrupt(snow, dims, scene, severity)
      for (const [i, value] of snowy.entries()) expect(value).toBeGreaterThan(scene[i]! - 1e-6)
      means.push(meanOf(snowy))
    }
    expect(means.at(-1)).toBeGreaterThan(1.3 * means[1]!)
  })

  it('lies alike after half a turn', async () => {
    const flakes = (await corrupt(snow, [1, 24, 20], filled(area, 0.1), 3)).map((value) => value)
    for (const [i, value] of flakes.entries()) expect(value).toBeCloseTo(flakes[area - 1 - i]!, 6)
  })
})

describe('frost', () => {
  it('adds one of the mean colours of the published photographs', async () => {
    const frosted = await corrupt(frost, dims, filled(3 * area, 0.3), 3)
    const means = [0, 1, 2].map((c) => (meanOf(frosted.subarray(c * area, (c + 1) * area)) - 0.27) / 0.4)
    const known = [
      [0.305, 0.585, 0.65],
      [0.787, 0.805, 0.841],
      [0.54, 0.599, 0.648],
      [0.441, 0.484, 0.528],
    ]
    const furthest = known.map((colour) => Math.max(...colour.map((value, c) => Math.abs(value - means[c]!))))
    expect(Math.min(...furthest)).toBeLessThan(0.02)
  })

  it('is a pattern of mean 0 and deviation 1, other for another row', () => {
    const pattern = frostPattern(40, 30, stream('one'))
    expect(meanOf(pattern)).toBeCloseTo(0, 10)
    expect(deviationOf(pattern)).toBeCloseTo(1, 10)
    expect(frostPattern(40, 30, stream('two'))).not.toEqual(pattern)
  })
})

describe('spatter', () => {
  it('of water only adds light, at most so much of its colour', async () => {
    const wet = await corrupt(spatter, dims, scene, 3)
    const colour = [175, 238, 238].map((byte) => byte / 255)
    const added = wet.map((value, i) => value - scene[i]!)
    for (const [i, light] of added.entries()) {
      expect(light).toBeGreaterThan(-1e-6)
      expect(light).toBeLessThan(0.5 * colour[Math.floor(i / area)]! + 1e-6)
    }
    expect(Math.max(...added)).toBeGreaterThan(0.3)
  })

  it('of mud is brown where it covers and nothing elsewhere', async () => {
    const muddy = await corrupt(spatter, dims, scene, 5)
    const colour = [63, 42, 20].map((byte) => byte / 255)
    const covered = Array.from({ length: area }, (_, i) => i).filter((i) => muddy[i] !== scene[i])
    expect(covered.length).toBeGreaterThan(5)
    expect(covered.length).toBeLessThan(area / 2)
    for (const i of covered)
      for (const [c, brown] of colour.entries()) {
        const at = c * area + i
        // At least eight tenths mud.
        expect(Math.abs(muddy[at]! - brown)).toBeLessThan(0.2 * Math.abs(scene[at]! - brown) + 1e-6)
      }
  })

  it('finds the edge of a block, and how far everything is from it', () => {
    const side = 24
    const inside = (i: number): boolean => [Math.floor(i / side), i % side].every((at) => at >= 6 && at < 16)
    const block = Float64Array.from({ length: side * side }, (_, i) => (inside(i) ? 200 : 0))
    const edge = edgesOf(block, side, 50, 150)
    const marked = [...edge.keys()].filter((i) => edge[i])
    expect(marked.length).toBeGreaterThan(30)
    for (const i of marked) {
      const [y, x] = [Math.floor(i / side), i % side]
      const outside = Math.max(6 - y, y - 15, 6 - x, x - 15)
      expect([0, 1]).toContain(outside)
    }
    const distance = distancesTo(edge, side, 100)
    for (const [i, value] of distance.entries()) {
      const real = Math.min(
        ...marked.map((j) => Math.hypot(Math.floor(i / side) - Math.floor(j / side), (i % side) - (j % side))),
      )
      expect(Math.abs(value - real)).toBeLessThanOrEqual(0.03 * real + 1e-9)
    }
    expect(distancesTo(new Uint8Array(9), 3, 20)).toEqual(new Float64Array(9).fill(20))
  })

  it('spreads levels by their rank', () => {
    expect([...equalised(Float64Array.of(7, 7, 9, 20))]).toEqual([0, 0, 128, 255])
    expect([...equalised(Float64Array.of(5, 5))]).toEqual([5, 5])
  })
})
