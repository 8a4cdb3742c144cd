import type { ContentKind } from '../kind.ts'
import { bidi } from './bidi.ts'
import { controls } from './control.ts'
import type { ContentDetector } from './finding.ts'
import { formula } from './formula.ts'
import { homoglyph } from './homoglyph.ts'
import { html } from './html.ts'
import { invisible } from './invisible.ts'
import { promptInjection } from './prompt-injection.ts'

export type { ContentDetector, ContentFinding } from './finding.ts'

/** Every detector of harmful content. */
export const contentDetectors: Readonly<Record<ContentKind, ContentDetector>> = {
  control: controls,
  invisible,
  bidi,
  homoglyph,
  html,
  'prompt-injection': promptInjection,
  formula,
}
