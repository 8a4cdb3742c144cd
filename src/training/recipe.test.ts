import { describe, expect, it } from 'vitest'
import { graphBuilder } from '../onnx/builder.ts'
import { balancedWeights, optimiserOf, type RecipeChoice, recipeParameters, scheduleFrom } from './recipe.ts'

const choice: RecipeChoice = {
  optimiser: recipeParameters.optimiser.default,
  'learning-rate': recipeParameters['learning-rate'].default,
  momentum: recipeParameters.momentum.default,
  nesterov: recipeParameters.nesterov.default,
  'weight-decay': recipeParameters['weight-decay'].default,
  schedule: recipeParameters.schedule.default,
  warmup: recipeParameters.warmup.default,
}

/** The operators of a step: what distinguishes optimisers that remember the same. */
const operators = (overrides: Partial<RecipeChoice>): readonly string[] => {
  const g = graphBuilder()
  const optimiser = optimiserOf({ ...choice, ...overrides })
  const value = (name: string) => g.input(name, 'float32', [2])
  const slots = Object.fromEntries(optimiser.slots.map((slot) => [slot, value(slot)]))
  const [rate, step] = [g.input('rate', 'float32', []), g.input('step', 'float32', [])]
  optimiser.update(g, { weight: value('weight'), gradient: value('gradient'), slots, rate, step })
  return g.build([]).nodes.map(({ op }) => op)
}

describe('the optimiser of a recipe', () => {
  it.each([
    ['sgd', []],
    ['momentum', ['velocity']],
    ['adam', ['mean', 'square']],
    ['adamw', ['mean', 'square']],
  ] as const)('%s remembers %j', (optimiser, slots) => {
    expect(optimiserOf({ ...choice, optimiser }).slots).toEqual(slots)
  })

  it('is one for every choice, and heeds weight decay and nesterov', () => {
    const plain = recipeParameters.optimiser.choices.map((optimiser) => operators({ optimiser, 'weight-decay': 0.1 }))
    expect(new Set(plain.map(String)).size).toBe(4)
    for (const optimiser of recipeParameters.optimiser.choices)
      expect(operators({ optimiser, 'weight-decay': 0.1 }).length).toBeGreaterThan(operators({ optimiser }).length)
    expect(operators({ nesterov: true }).length).toBeGreaterThan(operators({}).length)
  })
})

describe('the schedule of a recipe', () => {
  it.each(recipeParameters.schedule.choices)('%s begins low with a warm-up and never exceeds the rate', (schedule) => {
    const rate = scheduleFrom({ ...choice, schedule, warmup: 0.2, 'learning-rate': 0.3 })
    const rates = Array.from({ length: 100 }, (_, step) => rate(step, 100))
    expect(rates[0]).toBeLessThan(0.02)
    expect(Math.max(...rates)).toBeLessThanOrEqual(0.3)
    expect(Math.max(...rates)).toBeGreaterThan(0.29)
  })
})

describe('balanced weights', () => {
  it('give every class the same part, and leave the mean at 1', () => {
    const labels = Int32Array.of(0, 0, 0, 0, 0, 2, 2, 3)
    const weights = balancedWeights(labels, 5)
    const parts = [0, 0, 0, 0, 0]
    for (const label of labels) parts[label]! += weights[label]!
    for (const part of [parts[0], parts[2], parts[3]]) expect(part).toBeCloseTo(8 / 5, 6)
    expect([weights[1], weights[4]]).toEqual([0, 0])
    const even = balancedWeights(Int32Array.of(0, 1, 2, 0, 1, 2), 3)
    expect([...even]).toEqual([1, 1, 1])
  })
})
