import type { PiiKind } from '../../src/screening/pii/index.ts'

export interface Label {
  readonly kind: PiiKind
  readonly start: number
  readonly end: number
  /** What was generated: the locale or the number's name. */
  readonly what: string
}

/** A text whose personal data are known. */
export interface Document {
  readonly text: string
  readonly labels: readonly Label[]
  /** Whether the sentence itself says what the value is. */
  readonly context: boolean
}

/** A template with `{}` for the value. */
export const filled = (template: string, kind: PiiKind, value: string, what: string, context: boolean): Document => {
  const start = template.indexOf('{}')
  return {
    text: template.replace('{}', () => value),
    labels: [{ kind, start, end: start + value.length, what }],
    context,
  }
}
