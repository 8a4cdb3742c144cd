import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../../base/errors.ts'
import { scratch } from '../../../base/testing.ts'
import { readClaims } from '../claims.ts'
import { readC2pa } from './c2pa-read.ts'
import { jumbfIn } from './carrier.ts'
import { decodeCbor } from './cbor.ts'
import { type AssertionFixture, app11, box, encodeCbor, manifestBox, storeBox } from './testing.ts'

const at = scratch()
const mining = (
  entries: Readonly<Record<string, { readonly use: string; readonly constraint_info?: string }>>,
  label = 'cawg.training-mining',
): AssertionFixture => ({ label, content: { entries } })
const forbidden = mining({
  'cawg.ai_training': { use: 'notAllowed' },
  'cawg.data_mining': { use: 'constrained', constraint_info: 'ask first' },
  'cawg.ai_inference': { use: 'allowed' },
})
const binding = (
  asset: Uint8Array,
  exclusions: readonly { start: number; length: number }[] = [],
): AssertionFixture => {
  const hash = createHash('sha256')
  let from = 0
  for (const { start, length } of exclusions) {
    hash.update(asset.subarray(from, start))
    from = start + length
  }
  return {
    label: 'c2pa.hash.data',
    content: { exclusions, alg: 'sha256', hash: hash.update(asset.subarray(from)).digest(), pad: new Uint8Array(4) },
  }
}
const picture = () => sharp({ create: { width: 8, height: 8, channels: 3, background: '#369' } })

describe('CBOR', () => {
  // RFC 8949, appendix A.
  it.each([
    ['1903e8', 1000],
    ['1bffffffffffffffff', 18446744073709551615n],
    ['3903e7', -1000],
    ['f93c00', 1],
    ['f97bff', 65504],
    ['f90001', 2 ** -24],
    ['f9c400', -4],
    ['fb3ff199999999999a', 1.1],
    ['fa47c35000', 100000],
    ['f97c00', Number.POSITIVE_INFINITY],
    ['f5', true],
    ['f6', null],
    ['f7', undefined],
    ['c11a514b67b0', 1363896240],
    ['62c3bc', 'ü'],
    ['826161a161626163', ['a', new Map([['b', 'c']])]],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    [
      'bf61610161629f0203ffff',
      new Map<string, unknown>([
        ['a', 1],
        ['b', [2, 3]],
      ]),
    ],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['5f42010243030405ff', Buffer.from([1, 2, 3, 4, 5])],
  ])('decodes %s', (hex, expected) => {
    expect(decodeCbor(Buffer.from(hex, 'hex'))).toEqual(expected)
  })
  it.each([
    '',
    '18',
    '1c',
    '62c328',
    '9bffffffffffffffff',
    '5bffffffffffffffff',
    'ff',
    'a1',
    'a2616101616102',
    '0001',
    '81'.repeat(40),
    '5f6161ff',
    'bf6161ff',
    'f820',
    '9f',
  ])('refuses %s', (hex) => {
    expect(() => decodeCbor(Buffer.from(hex, 'hex'))).toThrow(
      expect.objectContaining({ code: 'DATA_FORMAT_UNSUPPORTED' }),
    )
  })
  it('says the same of what is encoded, and nothing else than an error of noise', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.nat(),
        fc.string({ unit: 'binary' }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
      ),
    })).value
    fc.assert(
      fc.property(value, (each) => {
        expect(decodeCbor(encodeCbor(each as string))).toEqual(each)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
        try {
          decodeCbor(noise)
        } catch (error) {
          if (!isBartizanError(error, 'DATA_FORMAT_UNSUPPORTED')) throw error
        }
      }),
    )
  })
})

describe('readC2pa', () => {
  it.each([1, 2] as const)(
    'takes the answers of a claim of version %d as claims, and says that nobody checked who signed',
    (version) => {
      const { claims } = readC2pa(storeBox(manifestBox('urn:c2pa:1', [forbidden], version)))
      expect(claims).toMatchObject({
        format: 'c2pa',
        consent: { ai_training: 'notAllowed', data_mining: 'constrained', ai_inference: 'allowed' },
        kept: {
          manifest: 'urn:c2pa:1',
          generator: 'fixture',
          signature: 'claimed, signature not checked',
          trainingMining: [
            {
              entries: expect.arrayContaining([
                { use: 'cawg.data_mining', answer: 'constrained', constraint: 'ask first' },
              ]),
            },
          ],
        },
      })
      expect(claims.warnings).toContain('who signed it was not checked: its answers are claims')
    },
  )
  it('lets the strictest of both vocabularies, of every instance and of ingredients hold', () => {
    const old = {
      ...mining(
        { 'c2pa.ai_training': { use: 'allowed' }, 'c2pa.data_mining': { use: 'notAllowed' } },
        'c2pa.training-mining',
      ),
      json: true,
    }
    const second = mining({ 'cawg.ai_training': { use: 'constrained' } }, 'cawg.training-mining__1')
    expect(readC2pa(storeBox(manifestBox('a', [old, second]))).claims.consent).toEqual({
      ai_training: 'constrained',
      data_mining: 'notAllowed',
    })
    const composed = readC2pa(storeBox(manifestBox('ingredient', [forbidden]), manifestBox('active', [old]))).claims
    expect(composed.consent.ai_training).toBe('notAllowed')
    expect(composed.warnings).toContain('an ingredient of it answers ai_inference, ai_training')
  })
  it('takes no unknown answer for a permission, and no assertion that the claim does not list', () => {
    const { claims } = readC2pa(storeBox(manifestBox('a', [mining({ 'cawg.ai_training': { use: 'ALLOWED' } })])))
    expect(claims.consent).toEqual({ ai_training: 'notAllowed' })
    expect(claims.warnings.join()).toContain('"ALLOWED"')
    const planted = readC2pa(storeBox(manifestBox('a', [{ ...forbidden, unlisted: true }]))).claims
    expect(planted.consent).toEqual({})
    expect(planted.warnings.join()).toContain('does not list the assertion cawg.training-mining')
  })
  it('finds an assertion that was changed after the claim was made', () => {
    const store = storeBox(manifestBox('a', [forbidden]))
    const index = store.indexOf('notAllowed')
    store.write('allowedNot', index)
    expect(() => readC2pa(store)).toThrow(expect.objectContaining({ code: 'EVIDENCE_INVALID' }))
  })
  it('has an error of its own for every broken byte and every cut', () => {
    const store = storeBox(manifestBox('a', [forbidden, binding(Buffer.from('x'))]))
    const isOurs = (error: unknown) =>
      isBartizanError(error, 'DATA_FORMAT_UNSUPPORTED') || isBartizanError(error, 'EVIDENCE_INVALID')
    const attempt = (bytes: Uint8Array) => {
      try {
        return readC2pa(bytes)
      } catch (error) {
        if (!isOurs(error)) throw error
        return undefined
      }
    }
    for (let i = 0; i < store.length; i++) {
      expect(attempt(store.subarray(0, i))).toBeUndefined()
      for (const value of [0, 0xff, store[i] ^ 1, store[i] ^ 128]) {
        const changed = Buffer.from(store)
        changed[i] = value
        attempt(changed)
      }
    }
    const nested = Array.from({ length: 40 }).reduce<Buffer>((inner) => storeBox(inner), storeBox())
    expect(attempt(nested)).toBeUndefined()
  })
})

describe('a C2PA manifest as a description', () => {
  it('is read from a sidecar, and is of its file only', async () => {
    const file = at('photo.bin')
    writeFileSync(file, 'the picture')
    writeFileSync(at('photo.c2pa'), storeBox(manifestBox('a', [forbidden, binding(Buffer.from('the picture'))])))
    expect((await readClaims(at('photo.c2pa'), file)).claims).toMatchObject({
      consent: { ai_training: 'notAllowed' },
      kept: { asset: 'sha256 agrees' },
    })
    writeFileSync(file, 'the Picture')
    await expect(readClaims(at('photo.c2pa'), file)).rejects.toMatchObject({ code: 'EVIDENCE_INVALID' })
    writeFileSync(at('photo.c2pa'), storeBox(manifestBox('a', [forbidden])))
    expect((await readClaims(at('photo.c2pa'), file)).claims.warnings.join()).toContain('not compared')
  })
  it('is read from the JPEG that carries it, in as many segments as it takes', async () => {
    const jpeg = await picture().jpeg().toBuffer()
    // The segments are left out of the digest, so their length must not depend on it.
    const draft = app11(storeBox(manifestBox('a', [forbidden, binding(jpeg, [{ start: 2, length: 9999 }])])))
    const made = (length: number): Buffer => {
      const around = Buffer.concat([jpeg.subarray(0, 2), Buffer.alloc(length), jpeg.subarray(2)])
      return app11(storeBox(manifestBox('a', [forbidden, binding(around, [{ start: 2, length }])])))
    }
    const segments = made(draft.length)
    expect(segments.length).toBe(draft.length)
    writeFileSync(at('photo.jpg'), Buffer.concat([jpeg.subarray(0, 2), segments, jpeg.subarray(2)]))
    const { claims } = await readClaims(at('photo.jpg'), at('photo.jpg'))
    expect(claims).toMatchObject({ consent: { ai_training: 'notAllowed' }, kept: { asset: 'sha256 agrees' } })
    await expect(sharp(at('photo.jpg')).metadata()).resolves.toMatchObject({ width: 8 })
  })
  it('is read from the PNG that carries it', async () => {
    const png = await picture().png().toBuffer()
    const chunk = box('caBX', storeBox(manifestBox('a', [forbidden])))
    chunk.writeUInt32BE(chunk.length - 8)
    const withChunk = Buffer.concat([png.subarray(0, 33), chunk, Buffer.alloc(4), png.subarray(33)])
    expect(readC2pa(jumbfIn(withChunk) ?? new Uint8Array()).claims.consent.ai_training).toBe('notAllowed')
    for (const bytes of [png, await picture().jpeg().toBuffer()]) expect(() => jumbfIn(bytes)).toThrow(/carries none/)
  })
})
