import { createHash } from 'node:crypto'
import { clamp, type Detector } from '../detector.ts'
import { hasForeign, inWord } from '../scan.ts'

const alphabet58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Base58Check (Bitcoin): 25 bytes, the last four a double SHA-256 of the rest; the version says whose. */
const base58 = (text: string): string | undefined => {
  let value = 0n
  for (const char of text) {
    const digit = alphabet58.indexOf(char)
    if (digit < 0) return undefined
    value = value * 58n + BigInt(digit)
  }
  const hex = value.toString(16)
  if (hex.length > 50) return undefined
  const bytes = Buffer.from(hex.padStart(50, '0'), 'hex')
  if (
    !sha256(sha256(bytes.subarray(0, 21)))
      .subarray(0, 4)
      .equals(bytes.subarray(21))
  )
    return undefined
  return new Map([
    [0, 'bitcoin'],
    [5, 'bitcoin'],
    [48, 'litecoin'],
    [50, 'litecoin'],
    [30, 'dogecoin'],
    [22, 'dogecoin'],
    [111, 'bitcoin-test'],
  ]).get(bytes[0]!)
}

const alphabet32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** Bech32 (BIP 173) and Bech32m (BIP 350). */
const bech32 = (text: string): boolean => {
  const lower = text.toLowerCase()
  if (text !== lower && text !== text.toUpperCase()) return false
  const split = lower.lastIndexOf('1')
  const prefix = lower.slice(0, split)
  if (!['bc', 'tb', 'ltc'].includes(prefix) || lower.length > 90 || lower.length - split < 7) return false
  const data = [...lower.slice(split + 1)].map((char) => alphabet32.indexOf(char))
  if (data.includes(-1)) return false
  const codes = [...prefix].map((char) => char.charCodeAt(0))
  let check = 1
  for (const value of [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...data]) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    for (let i = 0; i < 5; i++) if ((top >> i) & 1) check ^= generators[i]!
  }
  return check === 1 || check === 0x2bc830a3
}

const ruleOf = (word: string): { rule: string; score: number; evidence: string } | undefined => {
  if (/^0x[0-9a-f]{40}$/i.test(word)) return { rule: 'ethereum', score: 0.8, evidence: 'form' }
  if (/^(?:bc1|tb1|ltc1)/i.test(word))
    return bech32(word) ? { rule: 'bech32', score: 0.98, evidence: 'checksum' } : undefined
  if (!/^[13LMDn2m]/.test(word) || word.length > 35) return undefined
  const coin = base58(word)
  return coin ? { rule: coin, score: 0.98, evidence: 'checksum' } : undefined
}

/** Addresses of Bitcoin and its kin with their checksums, and of Ethereum by form. */
export const cryptoAddress: Detector = {
  kinds: ['crypto-address'],
  find({ text, starts, ends, flags, digitWords, column }, emit) {
    for (const word of digitWords) {
      const start = starts[word]!
      const end = ends[word]!
      if (end - start < 26 || end - start > 90 || flags[word]! & hasForeign) continue
      if (/[/+_-]/.test(text[start - 1] ?? ' ') && inWord(text, start - 2)) continue
      if (/^[/+_=-]\w|^=/.test(text.slice(end, end + 2))) continue
      const found = ruleOf(text.slice(start, end))
      if (!found) continue
      const named = column.has('crypto-address')
      emit({
        kind: 'crypto-address',
        start,
        end,
        score: clamp(found.score + (named ? 0.1 : 0)),
        rule: found.rule,
        evidence: [found.evidence, ...(named ? ['column name'] : [])],
      })
    }
  },
}
