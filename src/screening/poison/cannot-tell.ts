import type { ScreenContext, ScreenResult } from '../../threat/screen.ts'

/** The answer where there is too little to go by. */
export const cannotTell = (
  { rows }: Pick<ScreenContext, 'rows'>,
  reason: string,
  scores: Float64Array = new Float64Array(rows),
): ScreenResult => ({ verdict: 'cannot tell', reason, scores, flagged: new Int32Array(0), null: [] })
