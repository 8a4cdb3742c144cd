import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../base/errors.ts'
import {
  amount,
  amounts,
  assignment,
  oneOf,
  positiveNumber,
  range,
  rows,
  shape,
  targetClass,
  wholeNumber,
} from './parse.ts'

const refused = (action: () => unknown): { code: string; message: string; hint?: string } => {
  try {
    return { code: 'nothing was thrown', message: JSON.stringify(action()) }
  } catch (error) {
    if (isBartizanError(error)) return { code: error.code, message: error.message, hint: error.hint }
    throw error
  }
}

describe('values of flags', () => {
  it.each([
    ['0.1', 0.1],
    ['8/255', 8 / 255],
    ['-1', -1],
    ['1e-3', 0.001],
  ])('amount %s', (written, value) => {
    expect(amount(written, '--eps')).toBe(value)
  })

  it('reads lists, shapes, ranges, rows, targets and assignments', () => {
    expect(amounts('0.485,0.456,1/2', '--mean')).toEqual([0.485, 0.456, 0.5])
    expect(shape('3,224,224', '--shape')).toEqual([3, 224, 224])
    expect(shape('3x32x32', '--shape')).toEqual([3, 32, 32])
    expect(range('-1,1', '--range')).toEqual([-1, 1])
    expect(rows('5:', '--rows')).toEqual({ from: 5, to: undefined })
    expect(targetClass('next', '--targets')).toBe('next')
    expect(targetClass('7', '--targets')).toBe(7)
    expect(assignment('a=b=c', '--set')).toEqual(['a', 'b=c'])
    expect(oneOf('linf', 'l2')('LINF', '--norm')).toBe('linf')
  })

  it.each([
    ['an empty amount', () => amount('', '--eps')],
    ['text for an amount', () => amount('a lot', '--eps')],
    ['a division by zero', () => amount('1/0', '--eps')],
    ['a fraction for a whole number', () => wholeNumber('1.5', '--seed')],
    ['a negative whole number', () => wholeNumber('-1', '--seed')],
    ['zero threads', () => positiveNumber('0', '--threads')],
    ['a range upside down', () => range('1,0', '--range')],
    ['a range of three', () => range('0,1,2', '--range')],
    ['an empty row range', () => rows('5:5', '--rows')],
    ['a shape with a zero', () => shape('3,0', '--shape')],
    ['an assignment without a key', () => assignment('=5', '--set')],
    ['a target in words', () => targetClass('all', '--targets')],
  ])('refuses %s and names the flag', (_, action) => {
    const { code, message } = refused(action)
    expect(code).toBe('USAGE')
    expect(message).toMatch(/--(eps|seed|threads|range|rows|shape|set|targets)/)
  })

  it('names the nearest choice', () => {
    expect(refused(() => oneOf('cross-entropy', 'margin')('cross-entrpy', '--loss')).hint).toContain('cross-entropy')
  })
})
