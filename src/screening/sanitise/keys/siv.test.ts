import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cmac } from './cmac.ts'
import { openSiv, sealSiv } from './siv.ts'

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex')

describe('AES-CMAC', () => {
  const key = hex('2b7e151628aed2a6abf7158809cf4f3c')
  it.each([
    ['', 'bb1d6929e95937287fa37d129b756746'],
    ['6bc1bee22e409f96e93d7e117393172a', '070a16b46b4d4144f79bdd9dd04a287c'],
    [
      '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411',
      'dfa66747de9ae63030ca32611497c827',
    ],
  ])('RFC 4493, section 4: message %j', (message, tag) => {
    expect(cmac(key, hex(message)).toString('hex')).toBe(tag)
  })
})

describe('AES-SIV', () => {
  it('RFC 5297, A.1: deterministic', () => {
    const key = hex('fffefdfc fbfaf9f8 f7f6f5f4 f3f2f1f0 f0f1f2f3 f4f5f6f7 f8f9fafb fcfdfeff')
    const ad = hex('10111213 14151617 18191a1b 1c1d1e1f 20212223 24252627')
    const plaintext = hex('11223344 55667788 99aabbcc ddee')
    const sealed = sealSiv(key, [ad], plaintext)
    expect(sealed.toString('hex')).toBe('85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c')
    expect(openSiv(key, [ad], sealed)).toEqual(plaintext)
  })

  it('RFC 5297, A.2: several strings', () => {
    const key = hex('7f7e7d7c 7b7a7978 77767574 73727170 40414243 44454647 48494a4b 4c4d4e4f')
    const ad1 = hex('00112233 44556677 8899aabb ccddeeff deaddada deaddada ffeeddcc bbaa9988 77665544 33221100')
    const ad2 = hex('10203040 50607080 90a0')
    const nonce = hex('09f91102 9d74e35b d84156c5 635688c0')
    const plaintext = hex(
      '74686973 20697320 736f6d65 20706c61 696e7465 78742074 6f20656e 63727970 74207573 696e6720 5349562d 414553',
    )
    expect(sealSiv(key, [ad1, ad2, nonce], plaintext).toString('hex')).toBe(
      '7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d',
    )
  })

  it('opens what it sealed and nothing that was changed', () => {
    const key = Buffer.alloc(64, 7)
    const property = fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(), (plaintext, bit) => {
      const sealed = sealSiv(key, [Buffer.from('email')], plaintext)
      expect(openSiv(key, [Buffer.from('email')], sealed)).toEqual(Buffer.from(plaintext))
      expect(openSiv(key, [Buffer.from('phone')], sealed)).toBeUndefined()
      sealed[(bit >> 3) % sealed.length]! ^= 1 << (bit & 7)
      expect(openSiv(key, [Buffer.from('email')], sealed)).toBeUndefined()
    })
    fc.assert(property, { seed: 2, numRuns: 60 })
  })
})
