import type { ClassProbe } from '../../contract/index.ts'
import type { ClassAssessment } from './class-assessment.ts'

/** What probes each class other than evasion. */
export const classAssessments: ReadonlyMap<ClassProbe['class'], ClassAssessment> = new Map(
  ([] as readonly ClassAssessment[]).map((one) => [one.class, one]),
)
