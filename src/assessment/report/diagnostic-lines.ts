import type { Diagnostic, Report } from '../../contract/index.ts'
import { number, percent } from './format.ts'
import { evasionProbes } from './probes-of.ts'

/** Checks whose figure is a share; the others count rows or name operators. */
const shares = new Set([
  'zero-gradients',
  'iteration-helps',
  'whole-range-breaks',
  'monotone-in-budget',
  'same-answer-twice',
])

export const measuredText = ({ check, measured }: Diagnostic): string =>
  measured === null
    ? ''
    : typeof measured === 'string'
      ? measured
      : shares.has(check)
        ? percent(measured)
        : number(measured)

/** `5 checks passed, 1 fired`. */
export const diagnosticTally = (diagnostics: readonly Diagnostic[]): string => {
  const fired = diagnostics.filter(({ verdict }) => verdict === 'fired').length
  const passed = diagnostics.length - fired
  return `${passed} ${passed === 1 ? 'check' : 'checks'} passed, ${fired} fired`
}

/** One line a check that fired, with the probes that it is about; nothing where none did. */
export const firedLines = (report: Report): readonly string[] => {
  const about = new Map<string, string[]>()
  for (const { id, diagnostics = [] } of evasionProbes(report))
    for (const { title, verdict, message } of diagnostics)
      if (verdict === 'fired') {
        const line = `${title}: no; ${message}`
        about.set(line, [...(about.get(line) ?? []), id])
      }
  return [...about].map(([line, ids]) => `${line} (${ids.join(', ')})`)
}

/** How the checks of all attacks went in one line; undefined where none was checked. */
export const checksLine = (report: Report): string | undefined => {
  const all = evasionProbes(report).flatMap(({ diagnostics = [] }) => diagnostics)
  return all.length === 0 ? undefined : `Checks of whether an attack is failing: ${diagnosticTally(all)}.`
}
