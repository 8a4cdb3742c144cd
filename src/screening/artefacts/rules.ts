import type { Severity } from '../../contract/index.ts'
import { fileRules } from './rules/file-rules.ts'
import { formatRules } from './rules/format-rules.ts'
import { pickleRules } from './rules/pickle-rules.ts'

export type { Rule } from './rules/rule.ts'

/** Every rule of `bartizan scan`, once. The ids are stable: pipelines and suppressions rely on them. */
export const rules = { ...pickleRules, ...fileRules, ...formatRules } as const

export type RuleId = keyof typeof rules

/** From the worst down. */
export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

/** Whether `severity` is `least` or worse. */
export const atLeast = (severity: Severity, least: Severity): boolean =>
  severities.indexOf(severity) <= severities.indexOf(least)
