import { afterAll, describe, expect, it } from 'vitest'
import { attacks } from '../../src/attacks/index.ts'
import { median } from '../../src/stats/index.ts'
import { distances, type Norm } from '../../src/threat/norm.ts'
import type { AnyParameters } from '../../src/threat/parameters.ts'
import { runAttack } from '../../src/threat/runner.ts'
import { digits, model, stored } from '../support/fixtures.ts'

const nets = {
  'mnist-cnn': await model('mnist-cnn'),
  'mnist-cnn-at': await model('mnist-cnn-at'),
  'fashion-resnet': await model('fashion-resnet'),
}
type Net = keyof typeof nets
afterAll(() => Promise.all(Object.values(nets).map((net) => net.release())))

/** A budget that no change exceeds: every row counts, with the distance at which it broke. */
const attack = async (
  id: string,
  net: Net,
  norm: Norm,
  { x, y: labels }: { readonly x: Float32Array; readonly y: Int32Array },
  parameters: AnyParameters = {},
) => {
  const found = await runAttack({
    ...{ attack: attacks.get(id)!, model: nets[net], x, labels },
    ...{ norm, epsilon: 1e6, low: 0, high: 1, parameters },
  })
  const rows = [...labels.keys()].filter((row) => found.right[row])
  return { ...found, rows, sizes: rows.map((row) => found.distances[row]!) }
}

describe('DeepFool agrees with the rows that foolbox 3.3.4 stored', () => {
  it.each([
    { net: 'mnist-cnn', norm: 'l2' },
    { net: 'mnist-cnn', norm: 'linf' },
    { net: 'mnist-cnn-at', norm: 'linf' },
  ] as const)('in $norm on $net', async ({ net, norm }) => {
    const reference = await stored(`${net}.foolbox16`)
    const theirs = reference.of(`deepfool-${norm}`)
    const { adversarial, rows } = await attack('deepfool', net, norm, reference, {
      halvings: 0,
      'as-written': true,
    })
    const size = adversarial.length / reference.y.length
    const attacked = [...adversarial.keys()].filter((i) => rows.includes(Math.floor(i / size)))
    const same = attacked.filter((i) => Math.abs(adversarial[i]! - theirs[i]!) <= 1e-4).length
    expect(same / attacked.length).toBeGreaterThan(0.99)
  })
})

describe('medians over the rows that foolbox 3.3.4 attacked', () => {
  // At foolbox's own counts: 100 gradients a row, and 50 DeepFool steps. Its L2 projection of FMN does nothing (2.300).
  it.each([
    { id: 'deepfool', net: 'mnist-cnn', norm: 'l2', most: 1.68 },
    { id: 'deepfool', net: 'mnist-cnn', norm: 'linf', most: 0.135 },
    { id: 'deepfool', net: 'mnist-cnn-at', norm: 'l2', most: 3.925 },
    { id: 'deepfool', net: 'mnist-cnn-at', norm: 'linf', most: 0.507 },
    { id: 'ddn', net: 'mnist-cnn', norm: 'l2', most: 1.43 },
    { id: 'ddn', net: 'mnist-cnn-at', norm: 'l2', most: 2.286 },
    { id: 'fmn', net: 'mnist-cnn', norm: 'l2', most: 1.5 },
    { id: 'fmn', net: 'mnist-cnn', norm: 'linf', most: 0.1163 },
    { id: 'fmn', net: 'mnist-cnn', norm: 'l1', most: 7.255 },
    { id: 'fmn', net: 'mnist-cnn', norm: 'l0', most: 9 },
  ] as const)('$id in $norm on $net: at most $most', async ({ id, net, norm, most }) => {
    const { broken, rows, sizes, queries } = await attack(id, net, norm, await digits(64))
    expect(rows.every((row) => broken[row])).toBe(true)
    expect(median(sizes)).toBeLessThanOrEqual(most)
    if (id !== 'deepfool') expect(queries.gradient).toBeLessThanOrEqual(100 * rows.length)
  })
})

describe('other attacks of the same norm', () => {
  it.each(['mnist-cnn', 'mnist-cnn-at'] as const)(
    "FMN's L1 is smaller than that of foolbox's EAD on %s",
    async (net) => {
      const reference = await stored(`${net}.foolbox16`)
      const { rows, sizes, broken } = await attack('fmn', net, 'l1', reference)
      const theirs = distances('l1', reference.of('ead-l1'), reference.x, nets[net].size)
      expect(rows.every((row) => broken[row])).toBe(true)
      expect(median(sizes)).toBeLessThan(median(rows.map((row) => theirs[row]!)))
    },
  )

  // ART's has no overshoot worth the name, and for that leaves rows unbroken.
  it.each(['mnist-cnn', 'fashion-resnet'] as const)(
    "DeepFool's L2 is that of ART's on %s without overshoot",
    async (net) => {
      const reference = await stored(`${net}.adversarial16`)
      const { rows, sizes, broken } = await attack('deepfool', net, 'l2', reference, { overshoot: 0 })
      const theirs = distances('l2', reference.of('deepfool'), reference.x, nets[net].size)
      expect(rows.every((row) => broken[row])).toBe(true)
      expect(median(sizes)).toBeLessThan(1.001 * median(rows.map((row) => theirs[row]!)))
    },
  )
})
