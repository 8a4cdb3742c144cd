import { describe, expect, it } from 'vitest'
import { yamlSource } from './yaml-source.ts'

const text = `# a comment
a:
  b: [1, {c: x}]
2020: {d: y}
bare:
flow: {e, f: z}
`

describe('places in a YAML text', () => {
  const { value, positionOf, positionOfKey } = yamlSource(text)

  it('go with its value', () => {
    expect(value).toEqual({ a: { b: [1, { c: 'x' }] }, 2020: { d: 'y' }, bare: null, flow: { e: null, f: 'z' } })
  })

  it.each([
    [[], '2:1', '2:1'],
    [['a'], '3:3', '2:1'],
    [['a', 'b'], '3:6', '3:3'],
    [['a', 'b', 0], '3:7', '3:7'],
    [['a', 'b', 1, 'c'], '3:14', '3:11'],
    [['2020', 'd'], '4:11', '4:8'],
    [['flow', 'e'], '6:8', '6:8'],
    // Of what isn't there: the part that it is missing from.
    [['a', 'b', 1, 'none'], '3:10', '3:10'],
    [['a', 'b', 7], '3:6', '3:6'],
    [['none', 'deeper'], '2:1', '2:1'],
  ])('%j', (path, ofValue, ofKey) => {
    const shown = ({ line, column }: { line: number; column: number }) => `${line}:${column}`
    expect(shown(positionOf(path))).toBe(ofValue)
    expect(shown(positionOfKey(path))).toBe(ofKey)
  })
})

describe('a text without a value', () => {
  it.each([
    ['a: [1, 2\nb: 3', /./, 2],
    ['a: 1\na: 2\n', /unique/, 2],
    ['x: 1\na: &a {b: [*a]}\n', /\*a stands within/, 2],
    ['x: 1\na: *b\n', /alias/, 1],
    ['x: 1\na: {__proto__: 2}\n', /__proto__/, 2],
    [`a: ${'['.repeat(5000)}`, /./, 1],
  ])('%s has a syntax problem with a place', (broken, message, line) => {
    const { value, syntaxProblems } = yamlSource(broken)
    expect(value).toBeUndefined()
    expect(syntaxProblems[0]).toMatchObject({
      line,
      column: expect.any(Number),
      message: expect.stringMatching(message),
    })
  })

  it('is one whose aliases are more than may be', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`)
    expect(yamlSource(`l0: &l0 [x]\n${levels.join('\n')}\n`).syntaxProblems).toHaveLength(1)
    const once = 'a: &a [1]\nb: *a\n'
    expect(yamlSource(once)).toMatchObject({ value: { b: [1] }, syntaxProblems: [] })
    expect(yamlSource(once, { maxAliases: 0 }).syntaxProblems).toHaveLength(1)
  })
})
