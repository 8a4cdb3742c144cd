import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { configSchema } from '../contract/index.ts'
import { openClassifier } from '../models/classifier.ts'
import { planBattery, threatNorms } from './battery.ts'
import { planMatrices } from './transfer-matrix.ts'

const digits = fileURLToPath(new URL('../../test/fixtures/models/mnist-cnn.onnx', import.meta.url))
const input = { range: [0, 1], units: 'byte/255', shape: [1, 28, 28] } as const
const norms = [
  { norm: 'l2', epsilon: [2, 1] },
  { norm: 'l0', epsilon: [10] },
]

describe('transfer in the plan', async () => {
  const model = await openClassifier(digits)
  const planned = (more: object, threat: object = {}) => {
    const config = configSchema.parse({
      model: { path: digits },
      data: { path: 'x' },
      threat: { norms, ...threat },
      ...more,
    })
    const plan = planBattery(config, model, input)
    const surrogates = config.threat.surrogates?.map(() => model)
    return { plan, matrices: planMatrices({ surrogates }, threatNorms(config, input), plan) }
  }

  it('joins the standard battery where surrogates are given, and only there', () => {
    const ids = planned({}, { surrogates: ['s.onnx'] }).plan.map(({ id }) => id)
    expect(ids).toContain('transfer-l2-1')
    expect(planned({}).plan.map(({ attack }) => attack.id)).not.toContain('transfer')
  })

  it('needs no access to the model', () => {
    const { plan } = planned({}, { surrogates: ['s.onnx'], access: 'labels' })
    expect(plan.find(({ id }) => id === 'transfer-l2-1')!.notRun).toBeUndefined()
  })

  it('says what is missing where the battery names it without surrogates', () => {
    const { plan, matrices } = planned({ battery: [{ attack: 'transfer' }] })
    expect(plan.find(({ id }) => id === 'transfer-l2-1')!.notRun).toContain('threat.surrogates')
    expect(matrices).toEqual([])
  })

  it('makes a matrix of every budget that it works in, smallest first, with the parameters of the battery', () => {
    const battery = [{ attack: 'transfer', params: { steps: 7 } }]
    const { matrices } = planned({ battery }, { surrogates: ['s.onnx'] })
    expect(matrices.map(({ norm, epsilon, params }) => [norm, epsilon, params.steps])).toEqual([
      ['l2', 1, 7],
      ['l2', 2, 7],
    ])
    const [first] = planned({ battery: [{ attack: 'fgsm' }] }, { surrogates: ['s.onnx'] }).matrices
    expect(first!.params.steps).toBe(10)
  })
})
