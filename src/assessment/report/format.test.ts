import { describe, expect, it } from 'vitest'
import type { Gate, InputInfo } from '../../contract/index.ts'
import { budget, count, figure, gateSentence, interval, number, percent } from './format.ts'

const unit: InputInfo = { range: [0, 1], units: 'byte/255', shape: [1, 2, 2] }

describe('percent', () => {
  it.each([
    [0.6133, '61.3 %'],
    [0, '0.0 %'],
    [1, '100.0 %'],
    [0.9999, '99.99 %'],
    [0.0001, '0.01 %'],
  ])('%d is %s', (share, text) => {
    expect(percent(share)).toBe(text)
  })
})

describe('number and count', () => {
  it.each([
    [8 / 255, '0.0314'],
    [2.18312, '2.183'],
    [215370, '215,370'],
    [-1234.5, '-1235'],
    [1e-7, '1e-7'],
    [0, '0'],
  ])('%d is %s', (value, text) => {
    expect(number(value)).toBe(text)
  })

  it('puts thousands apart', () => {
    expect([999, 1000, 1234567].map(count)).toEqual(['999', '1,000', '1,234,567'])
  })
})

describe('budget', () => {
  it('prints both ways where the range is one of bytes', () => {
    expect(budget(8 / 255, 'linf', unit)).toBe('0.0314 (8/255)')
    expect(budget(8, 'linf', { ...unit, range: [0, 255], units: '' })).toBe('8 (8/255 of the range, 0.0314)')
    expect(budget(16 / 255, 'linf', { ...unit, range: [-1, 1] })).toBe('0.0627 (8/255 of the range, 0.0314)')
  })

  it('prints once where bytes mean nothing', () => {
    expect(budget(0.5, 'l2', { ...unit, units: 'standard deviations' })).toBe('0.5')
    expect([1, 3].map((elements) => budget(elements, 'l0', unit))).toEqual(['1 element', '3 elements'])
  })
})

describe('figures and gates', () => {
  const measured = { value: 0.6133, low: 0.5521, high: 0.6711, n: 256 }

  it('carry the interval and the number of rows', () => {
    expect(interval(measured)).toBe('55.2–67.1 %')
    expect(figure(measured)).toBe('61.3 % (55.2–67.1 %, n 256)')
  })

  it('are one sentence with what was measured and required', () => {
    const gate: Gate = {
      id: 'a',
      metric: 'robust-accuracy',
      norm: 'linf',
      epsilon: 8 / 255,
      passed: false,
      measured,
      required: { atLeast: 0.7, judgeBy: 'interval' },
    }
    expect(gateSentence(gate, unit)).toBe(
      'Robust accuracy at Linf 0.0314 (8/255) is 61.3 % (55.2–67.1 %, n 256); required: at least 70.0 %, judged by the 95 % interval',
    )
    const unmeasured: Gate = { ...gate, metric: 'flags', norm: undefined, measured: null, reason: 'no probe ran' }
    expect(gateSentence({ ...unmeasured, required: { atMost: 0, judgeBy: 'value' } }, unit)).toBe(
      'Masking flags is not measured; required: at most 0 (no probe ran)',
    )
  })
})
