import { z } from 'zod'
import { provenanceType, readProvenance, runDigest, type TrainingRole, trainingBuildType } from '../slsa/index.ts'
import type { Statement } from '../statement.ts'
import type { LineageEvent } from './lineage-event.ts'
import { references, referenceTo } from './reference.ts'

const buildTypeSchema = z.looseObject({ buildDefinition: z.looseObject({ buildType: z.literal(trainingBuildType) }) })

const settingsSchema = z.looseObject({
  command: z.string(),
  parameters: z.looseObject({ method: z.string() }),
})

/** What was read beside what the model is made of. A role that is not known here is traced, as it may be an ingredient. */
const besides: readonly unknown[] = ['assessment-data', 'validation', 'package-lock'] satisfies readonly TrainingRole[]

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/**
 * The event of a training run of ours, undefined for any other statement. Throws EVIDENCE_INVALID where its provenance is
 * malformed.
 */
export const trainingEvent = (statement: Statement): LineageEvent | undefined => {
  const { predicateType, predicate, subject } = statement
  if (predicateType !== provenanceType || !buildTypeSchema.safeParse(predicate).success) return undefined
  const { buildDefinition, runDetails } = readProvenance(statement)
  const settings = settingsSchema.safeParse(buildDefinition.externalParameters)
  if (!settings.success) return undefined
  const { command, parameters } = settings.data
  const { startedOn, finishedOn } = runDetails.metadata ?? {}
  return {
    title: `${command}: ${parameters.method}`,
    inputs: references(
      (buildDefinition.resolvedDependencies ?? []).filter(({ annotations }) => !besides.includes(annotations?.role)),
    ),
    outputs: subject.map((each) => referenceTo(each, 'model')),
    states: runDigest(statement),
    execution: {
      at: finishedOn ?? startedOn,
      command: `bartizan ${command}`,
      params: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, asText(value)])),
    },
  }
}
