import { describe, expect, it } from 'vitest'
import { benignFiles } from './support/benign-files.ts'
import { scanBytes } from './support/run.ts'

describe('ordinary files', () => {
  it.each(benignFiles)('raise no alarm: $what ($file)', async ({ file, data }) => {
    const { findings, unscanned } = await scanBytes(file, data)
    expect(findings.filter(({ severity }) => severity !== 'info' && severity !== 'low')).toEqual([])
    expect(unscanned).toEqual([])
  })
})
