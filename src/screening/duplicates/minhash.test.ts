import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { estimate, minHash, permutations } from './minhash.ts'
import { foldText, jaccard, textShingles } from './shingles.ts'
import { similarSets } from './similar-sets.ts'

/** Two sets of hashes with `shared` members in common and `apart` of their own each. */
const pairOf = (key: number, shared: number, apart: number): readonly [Uint32Array, Uint32Array] => {
  const rng = stream(1, 'sets', key, shared, apart)
  const draw = (n: number) => Array.from({ length: n }, () => rng.integer(2 ** 32))
  const common = draw(shared)
  return [Uint32Array.from([...common, ...draw(apart)]).sort(), Uint32Array.from([...common, ...draw(apart)]).sort()]
}

describe('MinHash', () => {
  it.each([
    [20, 80],
    [50, 50],
    [80, 20],
    [90, 5],
  ])('estimates Jaccard without bias and within its error, %d shared and %d apart', (shared, apart) => {
    const truth = shared / (shared + 2 * apart)
    const errors = Array.from({ length: 200 }, (_, key) => {
      const [a, b] = pairOf(key, shared, apart)
      expect(jaccard(a, b)).toBeCloseTo(truth, 12)
      const hashing = minHash(key)
      return estimate(hashing.signature(a), hashing.signature(b)) - truth
    })
    const deviation = Math.sqrt((truth * (1 - truth)) / permutations)
    const mean = errors.reduce((sum, error) => sum + error / errors.length, 0)
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(errors.length))
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2 / errors.length, 0))
    expect(spread).toBeLessThan(1.25 * deviation)
    expect(errors.filter((error) => Math.abs(error) > 4 * deviation)).toEqual([])
  })

  it('has equal signatures for equal sets, by seed', () => {
    const [a, b] = pairOf(0, 30, 10)
    expect(minHash(3).signature(a)).toEqual(minHash(3).signature(a))
    expect(estimate(minHash(3).signature(a), minHash(4).signature(a))).toBeLessThan(0.1)
    expect(jaccard(a, b)).toBe(jaccard(b, a))
  })
})

describe('shingles', () => {
  it('are the runs of five characters, each once', () => {
    expect(textShingles('abcdefg')).toHaveLength(3)
    expect(textShingles('aaaaaaaa')).toHaveLength(1)
    expect(textShingles('ab')).toHaveLength(1)
    expect(textShingles('  ')).toHaveLength(0)
    // abcdef and abcdeg share abcde of abcde, bcdef, bcdeg.
    expect(jaccard(textShingles('abcdef'), textShingles('abcdeg'))).toBeCloseTo(1 / 3, 14)
    expect(jaccard(textShingles(''), textShingles(''))).toBe(0)
  })

  it('ignore case, compatible forms and white space', () => {
    expect(foldText('Ｈello \n  WORLD ')).toBe('hello world')
    expect(textShingles('Hello   world')).toEqual(textShingles('hello WORLD'))
  })
})

describe('similar sets', () => {
  const alike = (seed: number) => {
    const rng = stream(seed, 'many')
    const base = Array.from({ length: 40 }, () => Array.from({ length: 60 }, () => rng.integer(2 ** 32)))
    // Each set, and a copy with three of sixty members changed: 57 / 63 = 0.905.
    return base.flatMap((set) => [set, set.map((hash, i) => (i % 20 === 0 ? rng.integer(2 ** 32) : hash))])
  }

  it('are those that comparing all pairs finds', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const sets = alike(seed).map((set) => Uint32Array.from(set).sort())
        const pairs: string[] = []
        for (let a = 0; a < sets.length; a++)
          for (let b = a + 1; b < sets.length; b++) if (jaccard(sets[a], sets[b]) >= 0.8) pairs.push(`${a} ${b}`)
        const found = similarSets(sets, 0.8, seed)
        expect(found.pairs.map(({ a, b }) => `${a} ${b}`).sort()).toEqual(pairs.sort())
        expect(found.groups).toHaveLength(40)
      }),
      { seed: 5, numRuns: 5 },
    )
  })
})
