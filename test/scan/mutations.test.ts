import { describe, expect, it } from 'vitest'
import { type Random, stream } from '../../src/base/random.ts'
import { benignFiles } from './support/benign-files.ts'
import { evasiveFiles } from './support/evasive-files.ts'
import { evasivePickles } from './support/evasive-pickles.ts'
import { maliciousArchives } from './support/malicious-archives.ts'
import { maliciousModels } from './support/malicious-models.ts'
import { maliciousPickles } from './support/malicious-pickles.ts'
import { scanBytes } from './support/run.ts'

const mutations = 2000
const seeds = [
  ...maliciousPickles,
  ...maliciousModels,
  ...maliciousArchives,
  ...evasivePickles,
  ...evasiveFiles,
  ...benignFiles,
].filter(({ data }) => data.length > 0)

/** Some bytes changed, cut out, put in twice, or the end cut off. */
const mutated = (data: Uint8Array, random: Random): Uint8Array => {
  const at = random.integer(data.length)
  const length = 1 + random.integer(32)
  switch (random.integer(4)) {
    case 0:
      return data.subarray(0, at)
    case 1:
      return Buffer.concat([data.subarray(0, at), data.subarray(at + length)])
    case 2:
      return Buffer.concat([data.subarray(0, at + length), data.subarray(at)])
    default: {
      const copy = Uint8Array.from(data)
      for (let i = 0; i <= random.integer(6); i++) copy[random.integer(copy.length)] = random.integer(256)
      return copy
    }
  }
}

describe('damaged files', () => {
  it(`end the scan in an orderly way, ${mutations} times`, async () => {
    for (let number = 0; number < mutations; number++) {
      const random = stream('scan mutation', number)
      const { file, data } = seeds[random.integer(seeds.length)]!
      const scan = await scanBytes(file, mutated(data, random))
      const broken = scan.unscanned.filter(({ reason }) => reason.includes('the scanner failed'))
      expect({ number, broken }).toEqual({ number, broken: [] })
    }
  })

  it('are never clean where the same file was whole and harmless, and lost its end', async () => {
    for (const { file, data } of benignFiles.filter(({ file }) =>
      /\.(?:pt|npz|keras|safetensors|joblib)$/.test(file),
    )) {
      const { findings, unscanned } = await scanBytes(file, data.subarray(0, Math.floor(data.length * 0.6)))
      expect({ file, odd: findings.length + unscanned.length > 0 }).toEqual({ file, odd: true })
    }
  })
})
