import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../base/errors.ts'
import { parseArchitecture } from './parse.ts'

const refusal = (text: string) => {
  try {
    parseArchitecture(text)
  } catch (error) {
    if (isBartizanError(error, 'CONFIG_INVALID')) return error
    throw error
  }
  throw new Error(`${text} was read`)
}

describe('parseArchitecture', () => {
  it('reads layers in order, with where each stands', () => {
    const layers = parseArchitecture('conv 16 5x5 stride=2,\n relu , residual [ conv 16, relu ], dense 10')
    expect(layers.map(({ name, at }) => [name, at])).toEqual([
      ['conv', 1],
      ['relu', 24],
      ['residual', 31],
      ['dense', 59],
    ])
  })

  it('knows layers by other names', () => {
    expect(parseArchitecture('silu')[0]!.name).toBe('swish')
  })

  it.each([
    ['conv 16, rellu, dense 10', 'rellu', 10, /did you mean "relu"/],
    ['attention', 'attention', 1, /layers are conv, dense/],
    ['dense 10, softmax', 'softmax', 11, /leave it out/],
    ['conv', 'conv', 1, /write conv CHANNELS/],
    ['conv 1.5', '1.5', 6, /write conv CHANNELS/],
    ['conv 8 3x', '3x', 8, /write conv CHANNELS/],
    ['conv 8 3 strid 2', 'strid', 10, /did you mean "stride"/],
    ['conv 8 stride', 'stride', 8, undefined],
    ['conv 8 stride 2 stride 1', 'stride', 17, undefined],
    ['conv 8 stride 0', '0', 15, undefined],
    ['conv 8 bias perhaps', 'perhaps', 13, undefined],
    ['dropout 1', '1', 9, undefined],
    ['relu 3', '3', 6, undefined],
    ['relu,', ',', 5, undefined],
    [', relu', ',', 1, undefined],
    ['relu ]', ']', 6, undefined],
    ['residual relu', 'residual', 1, /residual \[ LAYERS \]/],
    ['residual [ relu', '[', 10, undefined],
    ['relu [ relu ]', '[', 6, undefined],
    ['residual [ ]', ']', 12, undefined],
    ['constructor', 'constructor', 1, undefined],
  ])('refuses %j at "%s", character %d', (text, word, character, hint) => {
    const error = refusal(text)
    expect(error.data).toEqual({ word, character })
    expect(error.message).toContain(`"${word}" at character ${character}`)
    if (hint) expect(error.hint).toMatch(hint)
  })

  it('refuses nothing at all', () => {
    expect(refusal('  ').hint).toContain('mnist-cnn')
  })

  it('refuses blocks nested beyond sense', () => {
    expect(refusal(`${'residual [ '.repeat(40)}relu${' ]'.repeat(40)}`).message).toContain('nested')
  })
})
