import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftOf, type Edit, edited, locatorOf } from './draft.ts'

const applied = (text: string, edits: readonly Edit[]): string => {
  let result = ''
  let at = 0
  for (const { start, end, text: put } of edits) {
    result += text.slice(at, start) + put
    at = end
  }
  return result + text.slice(at)
}

/** Sorted edits of a text of `length` units that don't overlap. */
const editsFor = (length: number) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: length }), { maxLength: 8 })
    .chain((cuts) =>
      fc.tuple(
        fc.constant([...cuts].sort((a, b) => a - b)),
        fc.array(fc.string({ maxLength: 4 }), { minLength: 4, maxLength: 4 }),
      ),
    )
    .map(([cuts, texts]) =>
      Array.from(
        { length: Math.floor(cuts.length / 2) },
        (_, i): Edit => ({ start: cuts[2 * i]!, end: cuts[2 * i + 1]!, text: texts[i]! }),
      ),
    )

describe('a draft', () => {
  it('reads as a plain replacement does, after any number of rounds', () => {
    const property = fc.property(fc.string({ maxLength: 30 }), fc.infiniteStream(fc.nat()), (text, seeds) => {
      let draft = draftOf(text)
      let plain = text
      for (let round = 0; round < 3; round++) {
        const [edits] = fc.sample(editsFor(plain.length), { seed: seeds.next().value, numRuns: 1 })
        draft = edited(draft, edits!)
        plain = applied(plain, edits!)
        expect(draft.text).toBe(plain)
        expect(draft.pieces.map((piece) => piece.text).join('')).toBe(plain)
      }
      let reached = 0
      for (const piece of draft.pieces) {
        expect(piece.from).toBeGreaterThanOrEqual(piece.kept ? reached : 0)
        expect(piece.to).toBeGreaterThanOrEqual(Math.max(reached, piece.from))
        if (piece.kept) expect(text.slice(piece.from, piece.to)).toBe(piece.text)
        reached = piece.to
      }
    })
    fc.assert(property, { numRuns: 100, seed: 1 })
  })

  it('knows where a part came from', () => {
    const draft = edited(draftOf('a\u200bbc x@y.z'), [{ start: 1, end: 2, text: '' }])
    expect(draft.text).toBe('abc x@y.z')
    expect(locatorOf(draft).original(4, 9)).toEqual([5, 10])
    expect(locatorOf(draft).original(0, 3)).toEqual([0, 4])
    const grown = edited(draft, [{ start: 0, end: 0, text: "'" }])
    expect(locatorOf(grown).original(5, 10)).toEqual([5, 10])
  })

  it('keeps later rules away from what is frozen', () => {
    const draft = edited(draftOf('one two'), [{ start: 0, end: 3, text: 'tok', frozen: true }])
    expect(locatorOf(draft).touchesFrozen(2, 5)).toBe(true)
    expect(locatorOf(draft).touchesFrozen(3, 7)).toBe(false)
  })
})
