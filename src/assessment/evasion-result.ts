import type { EvasionResult } from '../contract/index.ts'
import type { AttackedData } from './attack-run.ts'

/** What a report says of an attack's run: everything but the rows one by one. */
export const evasionResultOf = ({
  rows,
  cleanAccuracy,
  robustAccuracy,
  distance,
  queries,
  queriesToBreak,
  moves,
  fitted,
  answeredNaN,
}: AttackedData): EvasionResult => ({
  rows,
  cleanAccuracy,
  robustAccuracy,
  distance,
  queries,
  ...(queriesToBreak && { queriesToBreak }),
  ...(moves && { moves }),
  ...(fitted && { fitted }),
  ...(answeredNaN > 0 && { answeredNaN }),
})
