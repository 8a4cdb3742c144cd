import { describe, expect, it } from 'vitest'
import { accuracy, defended, digits } from './testing-digits.ts'

describe('clean accuracy on the first 512 digits', () => {
  // ART 1.20 on the same rows and model.
  it.each([
    ['bit-depth', { bits: 1 }, 0.990234375],
    ['bit-depth', { bits: 2 }, 0.994140625],
    ['bit-depth', { bits: 3 }, 0.994140625],
    ['bit-depth', { bits: 4 }, 0.994140625],
    ['median-smoothing', { window: 2 }, 0.990234375],
    ['median-smoothing', { window: 3 }, 0.984375],
    ['median-smoothing', { window: 5 }, 0.873046875],
    ['jpeg', { quality: 75 }, 0.9921875],
    ['jpeg', { quality: 50 }, 0.9921875],
    ['jpeg', { quality: 25 }, 0.990234375],
  ] as const)('%s %o: that of the reference', async (id, parameters, expected) => {
    const { x, y } = await digits(512)
    expect(await accuracy(defended(id, parameters), x, y)).toBe(expected)
  })
})
