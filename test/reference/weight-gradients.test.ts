import { describe, expect, it } from 'vitest'
import { readNpz } from '../../src/data/index.ts'
import { gradientStep, type StepRows } from '../../src/training/gradient-step.ts'
import { standard } from '../../src/training/objective.ts'
import { perExampleNorms } from '../../src/training/per-example.ts'
import { trainingGraph } from '../../src/training/training-mode/index.ts'
import { fixture, model, relativeError, stored } from '../support/fixtures.ts'

/** The first 16 rows of a model's stored results, ready for a step, and the weights that it has. */
const prepared = async (name: string) => {
  const { x, y } = await stored(`${name}.gradients`)
  const classifier = await model(name)
  const trained = trainingGraph(classifier)
  const rows: StepRows = {
    rows: 16,
    x,
    labels: y,
    importance: new Float32Array(16).fill(1),
    inputs: {},
    masks: new Map(),
  }
  const weights = new Map(
    trained.trainable.map((name) => [name, trained.graph.initializers.get(name)!.data as Float32Array]),
  )
  const reference = await readNpz(fixture(`results/${name}.weight-gradients.npz`))
  return { classifier, trained, rows, weights, reference }
}

describe.each(['mnist-cnn', 'mnist-cnn-at'])('of %s torch computed the same', (name) => {
  it.each([16, 5])('gradient of the mean loss for every weight, %d rows a run', async (rowsAtOnce) => {
    const { classifier, trained, rows, weights, reference } = await prepared(name)
    const objective = standard()
    const step = await gradientStep(classifier, { trained, objective, threads: 1, rowsAtOnce })
    const { gradients } = await step.run(weights, rows)
    const keys = Object.keys(reference).filter((key) => key !== 'per_example_gradient_norm')
    expect([...gradients.keys()].sort()).toEqual(keys.sort())
    for (const [weight, sum] of gradients) {
      const { data } = reference[weight]!
      expect(
        relativeError(
          sum.map((value) => value / 16),
          data as Float32Array,
        ),
        weight,
      ).toBeLessThan(1e-4)
    }
    await Promise.all([step.release(), classifier.release()])
  })

  it("norm of each row's own gradient", async () => {
    const { classifier, trained, rows, weights, reference } = await prepared(name)
    const norms = await perExampleNorms(classifier, { trained, objective: standard(), threads: 1 })
    expect(norms.method).toBe('by layer')
    const actual = await norms.run(weights, rows)
    const expected = reference.per_example_gradient_norm!.data as Float64Array
    for (const [row, norm] of expected.entries())
      expect(Math.abs(actual[row]! / norm - 1), `row ${row}`).toBeLessThan(1e-4)
    await Promise.all([norms.release(), classifier.release()])
  })
})
