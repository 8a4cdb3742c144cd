import { describe, expect, it } from 'vitest'
import { sampleHardening } from '../../assessment/hardening/sample.ts'
import { hardeningText } from './hardening-text.ts'

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => [...line].length))

describe('hardeningText', () => {
  it('fits 80 columns with nothing cut off, figures below one another', () => {
    const text = hardeningText(sampleHardening(), 80)
    expect(widest(text)).toBeLessThanOrEqual(80)
    expect(text).not.toContain('…')
    const ends = text
      .split('\n')
      .filter((line) => /^(clean|robust|calibration|log loss|size)/.test(line))
      .map((line) => [...line].length)
    expect(ends).toHaveLength(6)
    expect(new Set(ends).size).toBe(1)
    expect(text).toMatch(/^robust, Linf 0\.3 +0\.0 % \(0\.0–3\.7\) +80\.0 % \(71\.1–86\.7\) +\+80$/m)
    expect(text.replace(/\s+/g, ' ')).toContain('in Linf by 0.1 (25.5/255), 0.3 (76.5/255)')
  })

  it('ends with the verdict and its reasons', () => {
    expect(hardeningText(sampleHardening(), 80)).toMatch(
      /IMPROVED:\n- Robust accuracy at Linf 0\.3 rose from 0\.0 % to 80\.0 %\.\n$/,
    )
  })

  it('says a remark on several attacks once', () => {
    const sample = sampleHardening()
    const flags = [{ id: 'zero-gradients', message: 'no gradient', measured: 1 }]
    const { robustness } = sample.after
    const probes = robustness!.probes.map((probe) => ({ ...probe, flags }))
    const text = hardeningText({ ...sample, after: { ...sample.after, robustness: { ...robustness!, probes } } }, 80)
    expect(text).toContain('- after, apgd-t-linf-0.1, apgd-t-linf-0.3: no gradient')
  })
})
