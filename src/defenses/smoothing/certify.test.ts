import { describe, expect, it } from 'vitest'
import type { Classifier } from '../../models/classifier.ts'
import { clopperPearsonLow, normalCdf, normalQuantile } from '../../stats/index.ts'
import { type CertifyOptions, certify } from './certify.ts'
import { classifierOf, collect, halfPlane, thirds } from './testing.ts'

const options: CertifyOptions = { sigma: 0.5, n0: 50, n: 2000 }

describe('certify, on a half plane', () => {
  // The noise crosses the line with probability Φ(-distance / sigma), so the true radius is the distance.
  const distances = [-1.5, -0.4, -0.1, 0.05, 0.2, 0.6, 1, 5]
  const x = Float32Array.from(distances.flatMap((distance) => [distance, 3]))
  const certified = async () => collect(certify(await halfPlane(), { x, rows: distances.length }, options))

  it('never certifies more than the true radius', async () => {
    for (const [i, { prediction, radius }] of (await certified()).entries()) {
      if (prediction !== 'abstain') expect(prediction).toBe(distances[i]! > 0 ? 1 : 0)
      expect(radius).toBeLessThanOrEqual(Math.abs(distances[i]!))
    }
  })

  it('certifies what the limit at the expected count gives, within sampling error', async () => {
    for (const [i, { prediction, radius, counts }] of (await certified()).entries()) {
      const share = normalCdf(Math.abs(distances[i]!) / options.sigma)
      const deviation = Math.sqrt(options.n * share * (1 - share))
      if (prediction === 'abstain') continue
      const count = counts[prediction]!
      expect(Math.abs(count - options.n * share), `distance ${distances[i]}`).toBeLessThanOrEqual(4 * deviation)
      expect(radius).toBe(options.sigma * normalQuantile(clopperPearsonLow(count, options.n, 0.001)))
    }
    expect((await certified()).filter(({ prediction }) => prediction === 'abstain').length).toBeLessThan(3)
  })

  it('abstains on the line', async () => {
    const [onLine] = await collect(certify(await halfPlane(), { x: Float32Array.of(0, 0), rows: 1 }, options))
    expect(onLine).toMatchObject({ prediction: 'abstain', radius: 0 })
    expect(onLine!.probabilityLow).toBeLessThan(0.5)
    expect(onLine!.counts[0]! + onLine!.counts[1]!).toBe(options.n)
  })

  it('selects by other copies than it counts', async () => {
    // On the line either class is as likely: one copy's class loses among three others half the time, but only a
    // quarter of the time if it is one of the three.
    const rows = 400
    const source = { x: new Float32Array(2 * rows), rows }
    const certificates = await collect(certify(await halfPlane(), source, { sigma: 1, n0: 1, n: 3, alpha: 0.4 }))
    const lost = certificates.filter(({ candidate, counts }) => counts[candidate]! < counts[1 - candidate]!).length
    expect(Math.abs(lost / rows - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / rows))
  })
})

describe('certify, the same result', () => {
  const rows = 5
  const x = Float32Array.from({ length: rows * 2 }, (_, i) => Math.sin(i + 1))
  const run = async (model: Classifier, more: Partial<CertifyOptions> = {}) =>
    collect(certify(model, { x, rows }, { sigma: 0.7, n: 300, seed: 3, ...more }))

  it.each([1, 7, 300, 4096])('in batches of %d copies', async (batch) => {
    expect(await run(await thirds(), { batch })).toEqual(await run(await thirds()))
    expect(await run(await thirds({ batch }))).toEqual(await run(await thirds()))
  })

  it('for a row alone as among others, and another one for another seed', async () => {
    const all = await run(await thirds())
    const alone = { x: x.subarray(6, 8), rows: 1, firstRow: 3 }
    expect(await collect(certify(await thirds(), alone, { sigma: 0.7, n: 300, seed: 3 }))).toEqual([all[3]])
    expect((await run(await thirds(), { seed: 4 })).map(({ counts }) => counts)).not.toEqual(
      all.map(({ counts }) => counts),
    )
  })

  it('for the first n copies however many follow', async () => {
    const [few, more] = [await run(await thirds(), { n: 300 }), await run(await thirds(), { n: 400 })]
    for (const [i, { counts }] of few.entries())
      for (const [c, count] of counts.entries()) {
        expect(more[i]!.counts[c]).toBeGreaterThanOrEqual(count)
        expect(more[i]!.counts[c]).toBeLessThanOrEqual(count + 100)
      }
  })

  it('tells its progress up to 1', async () => {
    const shares: number[] = []
    await run(await thirds(), { batch: 100, progress: (done) => shares.push(done) })
    expect(shares).toHaveLength(rows * 4)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
  })
})

describe('certify, unusual models and bad requests', () => {
  it('lets NaN vote for no class', async () => {
    // The square root has no value left of 0: such copies count against every class.
    const model = await classifierOf((g, x) => {
      const first = g.slice(x, [0], [1], [1])
      return g.concat([g.sqrt(first), g.mul(first, 0)], 1)
    })
    const x = Float32Array.of(10, 0, 0, 0, -10, 0)
    const [right, edge, left] = await collect(certify(model, { x, rows: 3 }, { sigma: 1, n: 1000 }))
    expect(right).toMatchObject({ prediction: 0, counts: [1000, 0] })
    expect(edge!.prediction).toBe('abstain')
    expect(edge!.counts.reduce((sum, count) => sum + count)).toBeLessThan(600)
    expect(left).toMatchObject({ prediction: 'abstain', counts: [0, 0] })
  })

  it.each([
    ['USAGE', { sigma: 0 }],
    ['USAGE', { sigma: Number.NaN }],
    ['USAGE', { n: 9 }],
    ['USAGE', { n: 10.5 }],
    ['USAGE', { n0: 0 }],
    ['USAGE', { alpha: 1 }],
    ['USAGE', { batch: 0 }],
    ['DATA_OUT_OF_RANGE', { low: 0, high: 1 }],
    ['DATA_SHAPE_MISMATCH', {}, 3],
  ] as const)('%s for %o', async (code, bad, rows: number = 1) => {
    const source = { x: Float32Array.of(0.5, 2), rows }
    const attempt = collect(certify(await thirds(), source, { sigma: 1, n: 100, ...bad }))
    await expect(attempt).rejects.toMatchObject({ code })
  })

  it('refuses values that are no numbers, and yields nothing for no rows', async () => {
    const model = await thirds()
    const broken = collect(certify(model, { x: Float32Array.of(0, Number.NaN), rows: 1 }, { sigma: 1, n: 100 }))
    await expect(broken).rejects.toMatchObject({ code: 'DATA_OUT_OF_RANGE' })
    expect(await collect(certify(model, { x: new Float32Array(), rows: 0 }, { sigma: 1, n: 100 }))).toEqual([])
  })
})
