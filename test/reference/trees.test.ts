import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { attacks } from '../../src/attacks/index.ts'
import { certifyTrees } from '../../src/defenses/certification/index.ts'
import { needTrees } from '../../src/models/trees/index.ts'
import { runAttack } from '../../src/threat/runner.ts'
import { targetOf } from '../../src/threat/target.ts'
import { fixture, model } from '../support/fixtures.ts'

const table = readFileSync(fixture('data/breast-cancer.csv'), 'utf8').trim().split('\n').slice(1)
const cells = table.map((line) => line.split(',').slice(0, 31).map(Number))
const ranges = Array.from({ length: 30 }, (_, f) => {
  const column = cells.map((row) => row[f]!)
  return [Math.min(...column), Math.max(...column)] as const
})
/** Each feature from 0 to 1, turned back by the preprocessing. */
const scaled = Float32Array.from(
  cells.flatMap((row) => ranges.map(([low, high], f) => Math.min(Math.max((row[f]! - low) / (high - low), 0), 1))),
)
const labels = Int32Array.from(cells, (row) => row[30]!)
const preprocessing = {
  mean: ranges.map(([low, high]) => -low / (high - low)),
  std: ranges.map(([low, high]) => 1 / (high - low)),
}

describe.each(['breast-cancer-gbdt', 'breast-cancer-forest'])('%s', (name) => {
  it('is predicted as ONNX Runtime does on every row', async () => {
    const classifier = await model(name)
    const x = Float32Array.from(cells.flatMap((row) => row.slice(0, 30)))
    expect([...needTrees(classifier).predict(x)]).toEqual([...(await targetOf(classifier, 'scores').predict(x, 569))])
    await classifier.release()
  })

  it.each(['linf', 'l2'] as const)(
    'has no attack nearer than what is certified, and few far from it in %s',
    async (norm) => {
      const classifier = await model(name, { preprocessing })
      const rows = name.endsWith('gbdt') ? 16 : 8
      const [x, y] = [scaled.slice(0, rows * 30), labels.slice(0, rows)]
      const certificates = certifyTrees(needTrees(classifier), x, { norm, low: 0, high: 1, limit: 300 })
      const shared = { model: classifier, x, labels: y, norm, epsilon: 30, low: 0, high: 1 }
      const found = await runAttack({ attack: attacks.get('leaf-tuple')!, ...shared })
      const ratios = [...y.keys()].flatMap((row) =>
        found.broken[row] ? [found.distances[row]! / certificates[row]!.radius] : [],
      )
      expect(ratios.length).toBeGreaterThan(rows * 0.8)
      for (const ratio of ratios) expect(ratio).toBeGreaterThanOrEqual(1)
      for (const id of ['hopskipjump', 'mixed-labels']) {
        const outside = await runAttack({ attack: attacks.get(id)!, ...shared, parameters: { queries: 400 } })
        expect(outside.broken).toContain(true)
        for (const row of y.keys())
          if (outside.broken[row]) expect(outside.distances[row]).toBeGreaterThanOrEqual(certificates[row]!.radius)
      }
      // The forest's distances in L2 are bounds, none of them exact.
      if (norm === 'l2' && name.endsWith('forest')) return
      const sure = [...y.keys()].filter((row) => found.broken[row] && certificates[row]!.isExact)
      const excess = sure.map((row) => found.distances[row]! / certificates[row]!.radius)
      expect(excess.reduce((sum, ratio) => sum + ratio, 0) / excess.length).toBeLessThan(1.2)
      await classifier.release()
    },
  )
})
