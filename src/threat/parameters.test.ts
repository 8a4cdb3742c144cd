import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../base/errors.ts'
import { BartizanError } from '../base/errors.ts'
import { type AnyParameters, type ParameterSpecs, resolveParameters } from './parameters.ts'

const specs: ParameterSpecs = {
  steps: { kind: 'integer', default: 40, min: 1, help: 'gradient steps' },
  'step-size': { kind: 'number', default: 0.1, min: 0, max: 1, help: 'length of a step' },
  'random-start': { kind: 'boolean', default: true, help: 'start anywhere' },
  loss: { kind: 'choice', default: 'dlr', choices: ['dlr', 'cross-entropy'], help: 'what to climb' },
}

const failure = (given: AnyParameters): BartizanError => {
  try {
    resolveParameters('pgd', specs, given)
  } catch (error) {
    if (error instanceof BartizanError) return error
  }
  throw new Error('nothing was refused')
}
const usage: ErrorCode = 'USAGE'

describe('resolveParameters', () => {
  it('fills in defaults and reads text as flags give it', () => {
    expect(resolveParameters('pgd', specs)).toEqual({
      steps: 40,
      'step-size': 0.1,
      'random-start': true,
      loss: 'dlr',
    })
    expect(resolveParameters('pgd', specs, { steps: '7', 'step-size': '1e-2', 'random-start': 'false' })).toEqual({
      steps: 7,
      'step-size': 0.01,
      'random-start': false,
      loss: 'dlr',
    })
  })

  it.each([
    [{ steps: 0 }],
    [{ steps: 1.5 }],
    [{ steps: '' }],
    [{ steps: 'many' }],
    [{ steps: true }],
    [{ steps: Number.NaN }],
    [{ 'step-size': 1.01 }],
    [{ 'step-size': '-1' }],
    [{ 'random-start': 1 }],
    [{ 'random-start': 'yes' }],
    [{ loss: 'hinge' }],
  ])('refuses %j, and says what the parameter does', (given) => {
    const { code, message, hint } = failure(given as AnyParameters)
    const [key] = Object.keys(given) as [string]
    expect(code).toBe(usage)
    expect(message).toContain(`"${key}"`)
    expect(hint).toBe(specs[key]!.help)
  })

  it('names the nearest parameter to one that does not exist, or else all of them', () => {
    expect(failure({ stepsize: 1 }).hint).toContain('"step-size"')
    expect(failure({ zzz: 1 }).hint).toContain('steps, step-size, random-start, loss')
    expect(() => resolveParameters('fgsm', {}, { zzz: 1 })).toThrow(BartizanError)
  })
})
