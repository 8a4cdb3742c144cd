import { type Markup, markup } from '../../assessment/report/markup.ts'
import type { CheckResult } from '../../contract/validation.ts'

const tones = { failed: 'fail', inconclusive: 'warn', passed: 'pass' } as const

/** The verdict of a check; a warning that failed is told apart by its words and its colour. */
export const verdictChip = ({ verdict, severity }: CheckResult): Markup => {
  if (severity !== 'warning' || verdict === 'passed')
    return markup`<span class="chip ${tones[verdict]}">${verdict}</span>`
  return markup`<span class="chip warn">warning: ${verdict}</span>`
}
