import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wrappedText } from './wrapped-text.ts'

describe('wrappedText', () => {
  it.each([
    ['raw.csv', ['raw.csv']],
    ['fraud-classifier-v3-hardened.onnx', ['fraud-classifier-', 'v3-hardened.onnx']],
    ['not allowed: ai_training, data_mining', ['not allowed:', 'ai_training,', 'data_mining']],
    ['customer_complaints_cleaned.csv', ['customer_', 'complaints_', 'cleaned.csv']],
    ['a'.repeat(40), [`${'a'.repeat(7)}…${'a'.repeat(11)}`]],
    ['', ['']],
    ['数据'.repeat(20), ['数据数据…据数据数据']],
  ])('%s', (text, lines) => {
    expect(wrappedText(text, 19, 3)).toEqual(lines)
  })
  it('is never longer than asked, and loses nothing where it fits', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', '-', '_', ' ', '.', '界'), maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        (text, most) => {
          const lines = wrappedText(text, 19, most)
          expect(lines.length).toBeLessThanOrEqual(most)
          for (const line of lines) expect([...line].length).toBeLessThanOrEqual(19)
          const bare = (each: string) => each.replaceAll(' ', '')
          if (!lines.join('').includes('…')) expect(bare(lines.join(''))).toBe(bare(text))
        },
      ),
    )
  })
})
