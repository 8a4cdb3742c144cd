import type { Finding, Gate, Probe, Severity } from '../../contract/index.ts'
import { metricNames } from './format.ts'

/** A SARIF 2.1.0 reportingDescriptor. */
export interface SarifRule {
  readonly id: string
  readonly name: string
  readonly shortDescription: { readonly text: string }
  readonly fullDescription: { readonly text: string }
  readonly help: { readonly text: string; readonly markdown: string }
  readonly helpUri: string
  readonly defaultConfiguration: { readonly level: 'error' | 'warning' | 'note' }
  readonly properties: { readonly tags: readonly string[]; readonly 'security-severity': string }
}

/** Papers that say what is measured and how to read it. */
const papers = {
  robustOptimisation: 'https://arxiv.org/abs/1706.06083',
  evaluating: 'https://arxiv.org/abs/1902.06705',
  obfuscatedGradients: 'https://arxiv.org/abs/1802.00420',
} as const

/** On the scale of CVSS, which is how code scanning ranks: critical from 9, high from 7, medium from 4. */
const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '1.0',
}

const pascal = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

const rule = (
  id: string,
  title: string,
  meaning: string,
  remedy: string,
  level: 'error' | 'warning' | 'note',
  severity: Severity,
  helpUri: string,
): SarifRule => ({
  id,
  name: pascal(id),
  shortDescription: { text: title },
  fullDescription: { text: meaning },
  help: { text: `${meaning} ${remedy}`, markdown: `${meaning}\n\n**What to do.** ${remedy}` },
  helpUri,
  defaultConfiguration: { level },
  properties: { tags: ['security', 'machine-learning'], 'security-severity': scores[severity] },
})

export const gateRule = ({ metric }: Gate): SarifRule =>
  rule(
    `gate/${metric}`,
    `${metricNames[metric]}: the gate did not hold`,
    'A requirement declared in bartizan.yaml does not hold for this model on these rows.',
    'Harden the model, or change the requirement if it no longer states what is needed. report.html says what was measured.',
    'error',
    'high',
    metric === 'robust-accuracy' ? papers.robustOptimisation : papers.evaluating,
  )

export const probeRule = ({ class: kind }: Probe): SarifRule =>
  rule(
    `probe/${kind}`,
    `A probe of class ${kind} found a defect`,
    `An attack of class ${kind} succeeded where it should not have.`,
    'Open report.html for what was measured and for the command that repeats it.',
    'error',
    'high',
    papers.evaluating,
  )

export const findingRule = (
  { id, severity, title, meaning, remedy }: Finding,
  level: SarifRule['defaultConfiguration']['level'],
): SarifRule => rule(`finding/${id}`, title, meaning, remedy, level, severity, papers.evaluating)

export const flagRule = (id: string): SarifRule =>
  rule(
    `flag/${id}`,
    `An attack may be failing: ${id}`,
    'There is a sign that an attack failed for a reason other than robustness, so the robust accuracy may be overstated.',
    'Read the flag in report.html; add score-based and decision-based attacks, or attack the defence adaptively.',
    'warning',
    'medium',
    papers.obfuscatedGradients,
  )
