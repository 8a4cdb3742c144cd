import { readFile, stat, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../base/errors.ts'
import type { NumericArray } from '../dtype.ts'
import { failure, fixture, readAll, scratch, withData } from '../testing.ts'
import { readNpy, type WritableArray } from './npy.ts'
import { npyWriter, writeNpy } from './npy-write.ts'
import { npzNames, readNpz } from './npz.ts'
import { writeNpz } from './npz-write.ts'

const at = scratch()
const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })

const elements: Readonly<Record<WritableArray['dtype'], (count: number) => fc.Arbitrary<NumericArray>>> = {
  float32: (n) => fc.float32Array({ minLength: n, maxLength: n }),
  float64: (n) => fc.float64Array({ minLength: n, maxLength: n }),
  int64: (n) => fc.bigInt64Array({ minLength: n, maxLength: n }),
  int32: (n) => fc.int32Array({ minLength: n, maxLength: n }),
  uint8: (n) => fc.uint8Array({ minLength: n, maxLength: n }),
}
const arrays: fc.Arbitrary<WritableArray> = fc
  .tuple(shapes, fc.constantFrom('float32', 'float64', 'int64', 'int32', 'uint8'))
  .chain(([shape, dtype]) =>
    elements[dtype](shape.reduce((product, size) => product * size, 1)).map((data) => ({ dtype, shape, data })),
  )

/** The header of an IDX file. */
const idxHeader = (type: number, sizes: readonly number[]): Buffer => {
  const header = Buffer.alloc(4 + 4 * sizes.length)
  header.set([0, 0, type, sizes.length])
  sizes.forEach((size, axis) => {
    header.writeUInt32BE(size, 4 + 4 * axis)
  })
  return header
}

/** Every cut of a file must be refused on opening or reading, whatever it cuts. */
const everyPrefixFails = async (bytes: Uint8Array, name: string, lengths: readonly number[]) => {
  for (const length of lengths) {
    await writeFile(at(name), bytes.subarray(0, length))
    const outcome = await readAll({ path: at(name) }).catch((error: unknown) => error)
    expect(isBartizanError(outcome), `${name} cut to ${length} bytes: ${String(outcome)}`).toBe(true)
  }
}
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('npy and npz', () => {
  it('give back what was written, bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(arrays, arrays, async (first, second) => {
        await writeNpy(at('one.npy'), first)
        expect(await readNpy(at('one.npy'))).toEqual(first)
        await writeNpz(at('two.npz'), { first, second })
        expect(await npzNames(at('two.npz'))).toEqual(['first', 'second'])
        expect(await readNpz(at('two.npz'))).toEqual({ first, second })
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  it('give back an array without elements', async () => {
    const none = { dtype: 'float32', shape: [0], data: new Float32Array(0) } as const
    await writeNpz(at('none.npz'), { none })
    expect(await readNpz(at('none.npz'))).toEqual({ none })
  })

  it('read what NumPy wrote: deflated, big-endian, half precision, booleans', async () => {
    const { x, y, half, big, flag } = await readNpz(fixture('numpy.npz'))
    expect(x).toEqual({ dtype: 'float32', shape: [4, 6], data: Float32Array.from(upTo(24), (i) => i / 8) })
    expect(y).toEqual({ dtype: 'int64', shape: [4], data: BigInt64Array.from([0n, 1n, 2n, 1n]) })
    expect(half?.data).toEqual(Float32Array.of(1.5, -0.25, 65504, 2 ** -24))
    expect(big).toEqual({ dtype: 'int32', shape: [2, 2], data: Int32Array.of(1, -2, 300, -70000) })
    expect(flag).toEqual({ dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) })
    expect((await readNpz(fixture('numpy-stored.npz'))).a?.data).toEqual(Float64Array.of(1.5, 2.5))
  })

  it('are the same bytes for the same arrays', async () => {
    const array: WritableArray = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }
    for (const name of ['p.npz', 'q.npz']) await writeNpz(at(name), { array })
    expect(await readFile(at('p.npz'))).toEqual(await readFile(at('q.npz')))
  })

  it('can be written piece by piece, and appear only when complete', async () => {
    const writer = await npyWriter(at('pieces.npy'), { dtype: 'float32', shape: [2, 2] })
    await writer.append(Float32Array.of(1, 2))
    await expect(stat(at('pieces.npy'))).rejects.toThrow()
    await writer.append(Float32Array.of(3, 4))
    await writer.commit()
    expect((await readNpy(at('pieces.npy'))).data).toEqual(Float32Array.of(1, 2, 3, 4))
    const short = await npyWriter(at('short.npy'), { dtype: 'float32', shape: [2, 2] })
    await failure('INTERNAL', () => short.commit())
    await expect(stat(at('short.npy'))).rejects.toThrow()
  })

  it('take x with its y from an npz, or the arrays that are named', async () => {
    const set = await readAll({ path: fixture('numpy.npz') })
    expect([set.shape, set.y]).toEqual([[6], Int32Array.of(0, 1, 2, 1)])
    const named = await readAll({ path: `${fixture('numpy.npz')}#big`, label: 'flag' })
    expect([named.x, named.y]).toEqual([Float32Array.of(1, -2, 300, -70000), Int32Array.of(1, 0)])
    const wrong = await failure('CONFIG_INVALID', () => readAll({ path: `${fixture('numpy.npz')}#bigg` }))
    expect(wrong.hint).toContain('"big"')
  })

  it('are read by range in any order, deflated too', async () => {
    await withData({ path: fixture('numpy.npz') }, async (set) => {
      for (const [from, to] of [
        [2, 4],
        [0, 1],
        [1, 3],
        [3, 4],
      ] as const) {
        const { x } = await set.read(from, to)
        expect(x).toEqual(Float32Array.from(upTo(6 * (to - from)), (i) => (6 * from + i) / 8))
      }
    })
  })

  it('verify checksums, of stored and of deflated arrays', async () => {
    const bytes = await readFile(fixture('numpy-stored.npz'))
    bytes[bytes.indexOf(Buffer.from(Float64Array.of(1.5).buffer))] = 1
    await writeFile(at('flipped.npz'), bytes)
    await failure('DATA_CORRUPT', () => readNpz(at('flipped.npz')))
    const deflated = await readFile(fixture('numpy.npz'))
    const entry = deflated.indexOf(Buffer.from('PK\x01\x02', 'latin1'))
    deflated[entry + 16]! ^= 1
    await writeFile(at('checksum.npz'), deflated)
    expect((await failure('DATA_CORRUPT', () => readAll({ path: at('checksum.npz') }))).message).toContain('checksum')
  })

  it('are refused at every cut', async () => {
    const npz = await readFile(fixture('numpy.npz'))
    await everyPrefixFails(npz, 'cut.npz', [
      ...upTo(40),
      ...upTo(npz.length).filter((n) => n % 5 === 4),
      npz.length - 1,
    ])
    await writeNpy(at('whole.npy'), { dtype: 'float32', shape: [3, 2], data: new Float32Array(6) })
    const npy = await readFile(at('whole.npy'))
    await everyPrefixFails(npy, 'cut.npy', upTo(npy.length))
    await writeFile(at('more.npy'), Buffer.concat([npy, Buffer.of(0)]))
    await failure('DATA_CORRUPT', () => readAll({ path: at('more.npy') }))
  })

  it('with mutated bytes give rows or an error, never a crash', async () => {
    const npz = await readFile(fixture('numpy.npz'))
    const edits = fc.array(fc.tuple(fc.nat(npz.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const bytes = Buffer.from(npz)
        for (const [position, value] of changes) bytes[position] = value
        await writeFile(at('mutated.npz'), bytes)
        const outcome = await readAll({ path: at('mutated.npz') }).catch((error: unknown) => error)
        expect(outcome instanceof Error && !isBartizanError(outcome) ? outcome : undefined).toBeUndefined()
      }),
      { numRuns: 150, seed: 2 },
    )
  })

  it.each([
    ['objects.npy', 'DATA_FORMAT_UNSUPPORTED', 'pickle'],
    ['structured.npy', 'DATA_FORMAT_UNSUPPORTED', 'structured'],
    ['fortran.npy', 'DATA_FORMAT_UNSUPPORTED', 'Fortran'],
    ['empty.npy', 'DATA_CORRUPT', 'no rows'],
  ] as const)('%s is refused with %s', async (name, code, word) => {
    expect((await failure(code, () => readAll({ path: fixture(name) }))).message).toContain(word)
  })

  it.each([
    '(1099511627776, 1024)',
    '(9007199254740993, 9007199254740993)',
    '(-1, 4)',
    '(4, 4, ',
    '(3.5,)',
    '(18446744073709551615,)',
  ])('a hostile shape %s is refused before anything is allocated', async (shape) => {
    const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117, ' ')
    await writeFile(
      at('hostile.npy'),
      Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(`${text}\n`)]),
    )
    await failure('DATA_CORRUPT', () => readAll({ path: at('hostile.npy') }))
  })
})

describe('IDX', () => {
  it('gives back rows of every element type', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 6 }), async (rows) => {
        const width = Math.min(...rows.map((row) => row.length))
        const values = rows.flatMap((row) => [...row.subarray(0, width)])
        const body = Buffer.alloc(4 * values.length)
        values.forEach((value, i) => {
          body.writeInt32BE(value - 100, 4 * i)
        })
        await writeFile(at('rows.idx'), Buffer.concat([idxHeader(0x08, [rows.length, width]), Buffer.from(values)]))
        await writeFile(at('ints.idx.gz'), gzipSync(Buffer.concat([idxHeader(0x0c, [rows.length, width]), body])))
        expect((await readAll({ path: at('rows.idx') })).x).toEqual(Float32Array.from(values))
        expect((await readAll({ path: at('ints.idx.gz') })).x).toEqual(Float32Array.from(values, (v) => v - 100))
      }),
      { numRuns: 40, seed: 3 },
    )
  })

  it('reads real MNIST rows, seen as images of one channel, as byte / 255 in float32', async () => {
    const options = { path: fixture('mnist32-images-idx3-ubyte'), labels: fixture('mnist32-labels-idx1-ubyte') }
    const raw = await readAll(options)
    const scaled = await readAll({ ...options, scale: 1 / 255, shape: [1, 28, 28] })
    expect([raw.shape, scaled.shape]).toEqual([
      [28, 28],
      [1, 28, 28],
    ])
    expect(scaled.x).toEqual(Float32Array.from([...raw.x], (byte) => Math.fround(Number(byte) / 255)))
    expect([...raw.y!].slice(0, 8)).toEqual([7, 2, 1, 0, 4, 1, 4, 9])
    expect([...raw.x].includes(255)).toBe(true)
  })

  it('is refused at every cut, plain and gzipped', async () => {
    const whole = await readFile(fixture('mnist32-images-idx3-ubyte'))
    const cuts = [...upTo(40), ...upTo(30).map((i) => 41 + 836 * i), whole.length - 1]
    await everyPrefixFails(whole, 'cut.idx', cuts)
    const packed = gzipSync(await readFile(fixture('mnist32-labels-idx1-ubyte')))
    await everyPrefixFails(packed, 'cut.idx.gz', upTo(packed.length))
  })

  it.each([
    [0x08, [0xffffffff, 28, 28]],
    [0x0e, [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]],
    [0x08, [2, 0]],
    [0x08, [0, 28]],
  ])('a hostile header (type %i, sizes %j) is refused', async (type, sizes) => {
    await writeFile(at('hostile.idx'), Buffer.concat([idxHeader(type, sizes), Buffer.alloc(10)]))
    await failure('DATA_CORRUPT', () => readAll({ path: at('hostile.idx') }))
    await writeFile(at('hostile.idx.gz'), gzipSync(idxHeader(type, sizes)))
    await failure('DATA_CORRUPT', () => readAll({ path: at('hostile.idx.gz') }))
  })
})
