import type { ClassProbe } from '../../contract/index.ts'
import { backdoor } from './backdoor/index.ts'
import type { ClassAssessment } from './class-assessment.ts'
import { poisoning } from './poisoning/index.ts'

/** What probes each class other than evasion. */
export const classAssessments: ReadonlyMap<ClassProbe['class'], ClassAssessment> = new Map(
  ([poisoning, backdoor] as readonly ClassAssessment[]).map((one) => [one.class, one]),
)
