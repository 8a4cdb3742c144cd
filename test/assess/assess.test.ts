import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evasionProbes } from '../../src/assessment/report/probes-of.ts'
import { reportSchema } from '../../src/contract/index.ts'
import { verifyEvidence } from '../../src/evidence/index.ts'
import { bartizan, newProject, reportIn, withoutTiming } from './project.ts'

const threat = 'threat: {norms: [{norm: linf, epsilon: [0.05, 0.1]}]}\n'
const battery = (...lines: string[]): string => `${threat}battery:\n${lines.map((line) => `  - ${line}\n`).join('')}`
const quick = battery(
  '{attack: fgsm}',
  '{attack: pgd, params: {steps: 10}}',
  '{attack: square, params: {queries: 100}, rows: 16}',
)

describe('bartizan assess', () => {
  it('measures, judges, writes every form of the report, signs, and says the same in all of them', async () => {
    const folder = newProject(
      `${quick}accuracy: {declared: 0.99}\ngates:\n  - {id: clean, metric: clean-accuracy, at-least: 0.9}\n  - {id: robust, metric: robust-accuracy, norm: linf, epsilon: 0.1, at-least: 0.99}\n`,
    )
    const { code, stdout, stderr } = await bartizan(folder, ['assess'])
    expect(stderr).not.toContain('error')
    expect(code).toBe(1)
    const report = reportSchema.parse(reportIn(folder))
    expect(report.verdict).toBe('failed')
    expect(report.gates.map(({ id, passed }) => [id, passed])).toEqual([
      ['clean', true],
      ['robust', false],
    ])
    const robust = (id: string) => evasionProbes(report).find((probe) => probe.id === id)!.result!.robustAccuracy.value
    expect(robust('pgd-linf-0.1')).toBeLessThan(robust('fgsm-linf-0.1') + 1 / 64)
    expect(robust('pgd-linf-0.1')).toBeLessThanOrEqual(robust('pgd-linf-0.05'))
    expect(report.findings[0]).toMatchObject({ id: 'evasion-linf', severity: 'high' })
    expect(evasionProbes(report).find(({ id }) => id === 'pgd-linf-0.1')!.worst.length).toBeGreaterThan(0)
    const file = (name: string): string => readFileSync(join(folder, 'report', name), 'utf8')
    expect(file('report.html')).toContain('data:image/png;base64,')
    const [run] = JSON.parse(file('report.sarif')).runs
    const errors = run.results.filter(({ level }: { level: string }) => level === 'error')
    expect(errors.length).toBeGreaterThan(0)
    for (const result of run.results)
      expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe('bartizan.yaml')
    expect(file('report.junit.xml')).toContain('<failure')
    expect(stdout).toContain('pgd')
    const verified = await verifyEvidence(folder)
    expect(verified.findings).toEqual([])
    expect(verified.records).toBe(1 + report.probes.length)
  })

  it('gives the same report twice, to the byte but for the timing', async () => {
    const folders = [newProject(quick), newProject(quick)]
    for (const folder of folders) expect((await bartizan(folder, ['assess'])).code).toBe(0)
    const [first, second] = folders.map((folder) => {
      const { evidence: _, ...report } = withoutTiming(reportIn(folder))
      return JSON.stringify(report)
    })
    expect(second).toBe(first)
  })

  it('stops before any attack where the accuracy is far from what was declared, and says what to check', async () => {
    const folder = newProject(`${quick}accuracy: {declared: 0.99}\n`)
    // The colours the wrong way round: the commonest kind of mistake, and every value is within its range.
    const yaml = readFileSync(join(folder, 'bartizan.yaml'), 'utf8')
    writeFileSync(join(folder, 'bartizan.yaml'), yaml.replace('}}\n', '}, preprocessing: {scale: -1, mean: -1}}\n'))
    const { code, stderr } = await bartizan(folder, ['assess'])
    expect(code).toBe(3)
    expect(stderr).toContain('MODEL_ACCURACY_UNEXPECTED')
    expect(stderr).toContain('preprocessing')
  })

  it('killed with SIGKILL and resumed, ends with the numbers of an undisturbed run', async () => {
    const whole = newProject(quick)
    await bartizan(whole, ['assess'])
    const broken = newProject(quick)
    const kills = ['fgsm-linf-0.1:', 'pgd-linf-0.1:']
    for (const [i, moment] of kills.entries()) {
      const { signal } = await bartizan(broken, ['assess', ...(i > 0 ? ['--resume'] : [])], (stderr, kill) => {
        if (stderr.includes(moment)) kill()
      })
      expect(signal).toBe('SIGKILL')
    }
    const { code, stderr } = await bartizan(broken, ['assess', '--resume'])
    expect(code, stderr).toBe(0)
    const numbers = (folder: string) => {
      const { evidence: _, ...report } = withoutTiming(reportIn(folder))
      return report
    }
    expect(numbers(broken)).toEqual(numbers(whole))
    expect((await verifyEvidence(broken)).findings).toEqual([])
  })
})
