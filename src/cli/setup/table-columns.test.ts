import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../base/errors.ts'
import { chooseColumns } from './table-columns.ts'

const numbers = (...names: string[]) => names.map((name) => ({ name, type: 'DOUBLE', numeric: true }))
const whole = (name: string) => ({ name, type: 'BIGINT', numeric: true })
const text = (name: string) => ({ name, type: 'VARCHAR', numeric: false })
const choose = (columns: Parameters<typeof chooseColumns>[1], size: number, label?: string) =>
  chooseColumns('t.csv', columns, size, label, undefined)

describe('chooseColumns', () => {
  it('takes the column with a usual name, and all others as features', () => {
    expect(choose([...numbers('a', 'b'), whole('target')], 2)).toEqual({ label: 'target' })
  })

  it('leaves out text and columns that only number or split the rows', () => {
    expect(choose([whole('id'), ...numbers('a', 'b'), text('split'), whole('y')], 2)).toEqual({
      label: 'y',
      features: ['a', 'b'],
    })
  })

  it('keeps a column named index where the model needs it', () => {
    expect(choose([...numbers('index', 'a'), whole('label')], 2)).toEqual({ label: 'label' })
  })

  it('takes the one column of text, or the one of whole numbers, that the model has no use for', () => {
    expect(choose([...numbers('a', 'b'), text('variety')], 2)).toEqual({ label: 'variety' })
    expect(choose([...numbers('a', 'b'), whole('grade')], 2)).toEqual({ label: 'grade' })
  })

  it('believes a label that is given', () => {
    expect(choose([...numbers('a', 'b'), whole('y')], 2, 'a').label).toBe('a')
  })

  it('believes features that are given, in their order', () => {
    expect(chooseColumns('t.csv', [...numbers('a', 'b', 'c'), whole('y')], 2, undefined, ['c', 'a'])).toEqual({
      label: 'y',
      features: ['c', 'a'],
    })
  })

  it.each([
    ['two columns could be the label', [...numbers('a'), whole('label'), whole('target')], 1],
    ['no column could be the label', numbers('a', 'b'), 2],
    ['there are too many columns of numbers', [...numbers('a', 'b', 'c'), whole('y')], 2],
    ['there are too few', [...numbers('a'), whole('y')], 2],
  ])('asks where %s', (_, columns, size) => {
    try {
      choose(columns, size)
    } catch (error) {
      if (!isBartizanError(error, 'CONFIG_INVALID')) throw error
      expect(error.hint).toMatch(/--label|--columns/)
      return
    }
    throw new Error('nothing was thrown')
  })
})
