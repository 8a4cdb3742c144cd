import { describe, expect, it } from 'vitest'
import type { Features } from '../../contract/index.ts'
import { compileRules } from './compile-rules.ts'
import { preprocessingInUnits, unitsOf } from './feature-units.ts'
import { parseFeatures } from './load-features.ts'
import { ruleWords } from './rule-words.ts'

const columns = { size: 4, names: ['age', 'income', 'a', 'b'] }
const read = (text: string): Features => parseFeatures(text, 'f.yaml').features
/** Problems in the file, as a user sees them. */
const problems = (text: string, names = columns): string => {
  const source = parseFeatures(text, 'f.yaml')
  return source.error(compileRules(source.features, names, [0, 100]).problems).message
}

describe('the features section', () => {
  it.each([
    ['columns:\n  agee: {change: up}', 'f.yaml:2:3: there is no column "agee"; did you mean "age"?'],
    ['columns: {age: {range: [200, 300]}}', 'f.yaml:1:24: age: nothing of it lies within the input range 0 to 100'],
    ['columns: {age: {values: [1, 200]}}', 'f.yaml:1:29: age: the category 200 is outside 0 to 100'],
    ['columns: {age: {step: 7, range: [8, 13]}}', 'f.yaml:1:23: age: no whole multiple of 7 lies within 8 to 13'],
    ['one-hot: [[a, c]]', 'f.yaml:1:15: there is no column "c"; did you mean "a"?'],
    ['one-hot: [[a, b], [b, age]]', 'f.yaml:1:20: "b" stands in a one-hot group already'],
    [
      'relations:\n  - {terms: {age: 1}, at-least: 101}',
      'f.yaml:2:5: this relation can never hold within the ranges of its columns: the sum of its terms is 0 to 100',
    ],
    [
      'relations:\n  - {terms: {age: 1, income: -1}, at-least: 1}\n  - {terms: {income: 1, age: -1}, at-least: 0}',
      'f.yaml:3:5: this relation contradicts those before it: no row keeps it together with relations[0]',
    ],
    [
      'relations:\n  - {terms: {a: 1}, at-most: 9}\n  - {terms: {age: 1, a: -1}, at-least: 0}\n  - {terms: {income: 1, b: 1}, at-most: 50}\n  - {terms: {income: 1, age: -1}, at-least: 2}\n  - {terms: {a: 1, income: -1}, equals: 0}',
      'f.yaml:6:5: this relation contradicts those before it: no row keeps it together with relations[1] and relations[3]',
    ],
    [
      'one-hot: [[a, b]]\nrelations:\n  - {terms: {age: 1}, at-most: 99}\n  - {terms: {a: 1, b: 1, income: 0.01}, at-least: 2.5}',
      'f.yaml:4:5: this relation contradicts one-hot[0]: no row keeps them together',
    ],
    [
      'columns: {age: {values: [1, 2, 40]}, income: {step: 30}}\nrelations: [{terms: {age: 1, income: 1}, at-least: 131}]',
      'f.yaml:2:13: this relation can never hold within the ranges of its columns: the sum of its terms is 1 to 130',
    ],
  ])('%j can not be', (text, message) => {
    expect(problems(text)).toBe(message)
  })

  it.each([
    ['columns: {age: {range: [5, 4]}}', /1:24: .*the range is empty/],
    ['columns: {age: {change: sideways}}', /1:25: .*one of any, none, up, down/],
    ['columns: {age: {cost: 0}}', /1:23: .*greater than 0/],
    ['columns: {age: {chnage: up}}', /1:17: unknown key "chnage".*did you mean "change"/],
    ['relations: [{terms: {age: 1}}]', /give at-least, at-most or equals/],
    ['relations: [{terms: {age: 1}, at-least: 2, at-most: 1}]', /the relation is empty/],
  ])('%j is not read', (text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
    )
  })

  it('is read from a whole bartizan.yaml too, with its places', () => {
    const source = parseFeatures('model: {path: m}\nfeatures:\n  columns: {age: {change: up}}\n', 'b.yaml')
    expect(source.features.columns.age?.change).toBe('up')
    expect(source.error([{ path: ['columns', 'age'], message: 'no' }]).message).toBe('b.yaml:3:18: no')
  })

  it('takes the values of arrays by index', () => {
    const features = read('columns: {2: {change: none}}')
    expect(compileRules(features, { size: 4 }, [0, 1]).rules.features.map(({ change }) => change)).toEqual([
      'any',
      'any',
      'none',
      'any',
    ])
    expect(compileRules(read('columns: {4: {}}'), { size: 4 }, [0, 1]).problems).toHaveLength(1)
  })

  it('is told in words', () => {
    const text =
      'columns: {age: {change: up, step: 1, cost: 2}}\none-hot: [[a, b]]\nrelations: [{terms: {age: 2, income: -1}, at-most: 0}]'
    expect(ruleWords(read(text))).toEqual([
      'age: may only grow; whole numbers; changes count 2 times',
      'exactly one of a, b',
      '2 age + -1 income <= 0',
    ])
  })
})

describe('units', () => {
  const spread = (low: number, high: number, deviation: number) => ({
    low,
    high,
    deviation,
    whole: false,
    distinct: undefined,
  })
  const spreads = [spread(20, 60, 10), spread(0, 1000, 250), spread(0, 1, 0.5), spread(1, 1, 0)]
  const unitsFor = (text: string) => {
    const features = read(text)
    const { rules } = compileRules(features, columns, [0, 1000])
    return unitsOf(features, rules.features, columns.names, spreads)
  }

  it('are deviations, ranges or scales, divided by costs', () => {
    const own = 'columns: {b: {scale: 1}, age: {cost: 2}, income: {scale: 50, cost: 5}}'
    expect([...unitsFor(`scale: deviation\n${own}`).units!.unit]).toEqual([5, 10, 0.5, 1])
    expect([...unitsFor(`scale: range\n${own}`).units!.unit]).toEqual([20, 10, 1, 1])
    expect([...unitsFor(own).units!.unit]).toEqual([0.5, 10, 1, 1])
  })

  it('are refused where a column does not vary', () => {
    expect(unitsFor('scale: deviation').problems).toMatchObject([{ path: ['scale'], message: /^b does not vary/ }])
  })

  it('feed the model what it would be fed', () => {
    const units = { unit: Float64Array.of(5, 0.5), origin: Float64Array.of(10, -1), range: [0, 1] as const }
    const given = { scale: 2, mean: [3, 4], std: [7, 0.1] }
    const { mean = [], std = [] } = preprocessingInUnits(units, given)
    for (const [at, z] of [0.3, -2].entries()) {
      const x = units.origin[at]! + units.unit[at]! * z
      expect((z - mean[at]!) / std[at]!).toBeCloseTo((x * 2 - given.mean[at]!) / given.std[at]!, 9)
    }
  })
})
