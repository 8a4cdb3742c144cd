import { describe, expect, it } from 'vitest'
import { scratch } from '../../base/testing.ts'
import { standard } from '../../training/objective.ts'
import type { TrainProgress } from '../../training/train.ts'
import { classes, contextOf, harden, pictures, quick, untrained } from '../testing.ts'
import { softCrossEntropy, softLabels, tempered } from './tempered.ts'
import { logitsOf, scaled, softmax, sumsOf, weightsOf } from './testing.ts'

const rows = pictures(9, 'distillation')
const source = scaled(untrained(), 2)
const at = scratch()
const soften = async (temperature: number) => {
  const teacher = await contextOf({ source }).open(source)
  const soft = await softLabels(teacher, { x: rows.x, rows: 9 }, temperature)
  await teacher.release()
  return soft
}
const oneHot = Float32Array.from({ length: 9 * classes }, (_, i) =>
  i % classes === rows.labels[Math.floor(i / classes)] ? 1 : 0,
)

describe('soft labels', () => {
  it.each([1, 20])('are the softmax of logits over the temperature %d', async (temperature) => {
    const soft = await soften(temperature)
    const logits = await logitsOf(source, rows.x)
    for (const [row, z] of logits.entries()) {
      const found = [...soft.subarray(row * classes, (row + 1) * classes)]
      expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6)
      for (const [i, value] of softmax(z, temperature).entries()) expect(found[i]).toBeCloseTo(value, 6)
    }
  })
})

describe('the cross-entropy of soft labels', () => {
  it('is what the definition says, at a temperature', async () => {
    const soft = await soften(5)
    const { loss } = await sumsOf(
      source,
      tempered(
        softCrossEntropy(classes, async () => soft),
        5,
      ),
      rows,
    )
    const expected = (await logitsOf(source, rows.x)).map((z) => {
      const p = softmax(z, 5)
      return -p.reduce((sum, value) => sum + value * Math.log(value), 0)
    })
    expect(loss).toBeCloseTo(
      expected.reduce((sum, value) => sum + value, 0),
      4,
    )
  })

  it('with hard labels at temperature 1 is the standard one, gradients too', async () => {
    const soft = await sumsOf(
      source,
      tempered(
        softCrossEntropy(classes, async () => oneHot),
        1,
      ),
      rows,
    )
    const hard = await sumsOf(source, standard(), rows)
    expect(soft.loss).toBeCloseTo(hard.loss, 5)
    for (const [name, gradient] of hard.gradients)
      for (const [i, value] of gradient.entries()) expect(soft.gradients.get(name)![i]).toBeCloseTo(value, 5)
  })

  it('has no gradient where student and teacher agree', async () => {
    const soft = await soften(3)
    const { gradients } = await sumsOf(
      source,
      tempered(
        softCrossEntropy(classes, async () => soft),
        3,
      ),
      rows,
    )
    for (const gradient of gradients.values()) for (const value of gradient) expect(Math.abs(value)).toBeLessThan(1e-5)
  })
})

describe('distillation', () => {
  const recipe = { epochs: 10, batch: 16, optimiser: 'adam', 'learning-rate': 0.03, from: 'scratch' } as const
  const training = pictures(192, 'training')

  it('deploys logits that grow with the temperature, and still decides well', async () => {
    const spread = async (temperature: number): Promise<number> => {
      const context = contextOf({ training })
      const { model, epochs, notes } = await harden('distillation', context, { ...recipe, temperature })
      expect(epochs.at(-1)!.validation!.accuracy).toBeGreaterThan(0.9)
      expect(notes.join(' ')).toMatch(/The teacher's accuracy is \d/)
      const gaps = (await logitsOf(model, pictures(30, 'validation').x)).map((z) => Math.max(...z) - Math.min(...z))
      return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    }
    expect(await spread(20)).toBeGreaterThan(3 * (await spread(1)))
  })

  it('counts both trainings, and continues each from a checkpoint of its own', async () => {
    const seen: TrainProgress[] = []
    const context = contextOf({
      context: {
        checkpoint: { path: at('run.npz'), resume: true },
        progress: (done) => 'epoch' in done && seen.push(done),
      },
    })
    const first = await harden('distillation', context, { ...quick, epochs: 2 })
    expect([...new Set(seen.map(({ epoch, epochs }) => `${epoch}/${epochs}`))]).toEqual(['1/4', '2/4', '3/4', '4/4'])
    seen.length = 0
    const again = await harden('distillation', context, { ...quick, epochs: 2 })
    expect(seen).toEqual([])
    expect(weightsOf(again.model)).toEqual(weightsOf(first.model))
  })

  it('takes the model as it is for a teacher only where the student starts elsewhere', async () => {
    const wanted = { ...quick, teacher: 'as-is' }
    await expect(harden('distillation', contextOf(), wanted)).rejects.toMatchObject({ code: 'USAGE' })
    const { notes, epochs } = await harden('distillation', contextOf(), { ...wanted, from: 'scratch' })
    expect(epochs).toHaveLength(1)
    expect(notes.join(' ')).toMatch(/without the defence/)
  })

  it('gives the model back where the teacher diverges', async () => {
    const context = contextOf()
    const bad = { ...quick, epochs: 3, 'learning-rate': 1e9 }
    const { model, stopped } = await harden('distillation', context, bad)
    expect(stopped?.reason).toBe('diverged')
    expect(stopped?.detail).toMatch(/^the teacher: /)
    expect(model).toBe(context.source)
  })
})
