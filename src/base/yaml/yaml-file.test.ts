import { describe, expect, it } from 'vitest'
import { yamlFile } from './yaml-file.ts'

const named = { file: 'f.yaml', hint: 'see the guide' }

describe('a YAML file', () => {
  it('lists problems with their places, in order of appearance', () => {
    const error = yamlFile('a: 1\nb: 2\n', named).error([
      { path: ['b'], message: 'second' },
      { path: ['a'], onKey: true, message: 'first' },
    ])
    expect(error.message).toBe('2 problems in f.yaml\n  f.yaml:1:1: first\n  f.yaml:2:4: second')
    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      hint: 'see the guide',
      data: {
        file: 'f.yaml',
        problems: [
          { path: ['a'], line: 1, column: 1, message: 'first' },
          { path: ['b'], line: 2, column: 4, message: 'second' },
        ],
      },
    })
  })

  it('does not count a single problem', () => {
    expect(yamlFile('a: 1', named).error([{ path: ['a'], message: 'no' }]).message).toBe('f.yaml:1:4: no')
  })

  it('is refused with every syntax problem', () => {
    expect(() => yamlFile('a: "x\nb: [', named)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(/f\.yaml:\d+:\d+: /) }),
    )
  })
})
