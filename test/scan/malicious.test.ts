import { describe, expect, it } from 'vitest'
import { rules } from '../../src/screening/artefacts/index.ts'
import { evasiveFiles } from './support/evasive-files.ts'
import { evasivePickles } from './support/evasive-pickles.ts'
import { maliciousArchives } from './support/malicious-archives.ts'
import { maliciousModels } from './support/malicious-models.ts'
import { maliciousPickles } from './support/malicious-pickles.ts'
import { rulesOf, scanBytes } from './support/run.ts'

const samples = [...maliciousPickles, ...maliciousModels, ...maliciousArchives, ...evasivePickles, ...evasiveFiles]

describe('malicious samples', () => {
  it('are many, and of all formats', () => {
    expect(samples.length).toBeGreaterThan(150)
    expect(new Set(samples.map(({ file }) => file.split('.').at(-1))).size).toBeGreaterThan(15)
  })

  it.each(samples)('$what ($file)', async ({ file, data, rule }) => {
    const scan = await scanBytes(file, data)
    expect(rulesOf(scan)).toContain(rule)
    expect(scan.findings.some(({ severity }) => ['critical', 'high', 'medium'].includes(severity))).toBe(true)
    expect(scan.unscanned.filter(({ reason }) => reason.includes('scanner failed'))).toEqual([])
  })

  it('show every rule that fails by default', () => {
    const shown = new Set(samples.map(({ rule }) => rule))
    const elsewhere = [
      'archive-bomb',
      'archive-nesting',
      'archive-link',
      'archive-hidden-member',
      'archive-checksum',
      'archive-encrypted',
      'link-outside',
      'pickle-broken',
      'hdf5-invalid',
      'gguf-invalid',
    ]
    const failing = Object.entries(rules).filter(([, { severity }]) => severity !== 'low' && severity !== 'info')
    expect(failing.map(([id]) => id).filter((id) => !shown.has(id as never) && !elsewhere.includes(id))).toEqual([])
  })
})
