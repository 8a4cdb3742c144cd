import { type Markup, markup } from '../../assessment/report/markup.ts'
import type { CheckResult, Validation } from '../../contract/validation.ts'

const outcome = ({ verdict, severity, message, required }: CheckResult): Markup => {
  const detail = `required: ${required}`
  if (verdict === 'passed') return markup`<system-out>${message}; ${detail}</system-out>`
  if (severity === 'warning') return markup`<system-out>warning, ${verdict}: ${message}; ${detail}</system-out>`
  const element = markup`message="${message}" type="${verdict}">${detail}`
  return verdict === 'failed' ? markup`<failure ${element}</failure>` : markup`<error ${element}</error>`
}

/** JUnit XML: a case a check. What was inconclusive is an error, so that no reader takes it for a pass. */
export const renderValidationJunit = ({ checks, dataset, kind = 'table' }: Validation): string => {
  const errors = checks.filter(({ severity }) => severity !== 'warning')
  const total = (verdict: CheckResult['verdict']) => errors.filter((check) => check.verdict === verdict).length
  const counts = markup`tests="${checks.length}" failures="${total('failed')}" errors="${total('inconclusive')}" skipped="0"`
  const document = markup`<testsuites name="bartizan data validate" ${counts}>
  <testsuite name="${dataset.path}" ${counts}>${checks.map(
    (check) => markup`
    <testcase classname="bartizan.${check.column ?? kind}" name="${check.id}">${outcome(check)}</testcase>`,
  )}
  </testsuite>
</testsuites>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document.markup}\n`
}
