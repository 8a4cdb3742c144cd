import { BartizanError } from '../../base/errors.ts'
import type { AnnotationMethod, AnnotationsResult } from '../../contract/annotations.ts'
import { assessAnnotations } from '../../screening/annotators/index.ts'
import { checkOutputs } from './outputs.ts'

export interface AnnotationFlags {
  readonly annotations?: string
  readonly item?: string
  readonly annotator?: string
  readonly label?: string
  readonly gold?: string
  readonly goldFile?: string
  readonly level?: 'nominal' | 'ordinal' | 'interval' | 'ratio'
  readonly method?: AnnotationMethod
  readonly smoothing?: number
  readonly consensus?: string
  readonly annotatorsOut?: string
  readonly auditBound?: number
  readonly auditConfidence?: number
  readonly audited?: number
  readonly auditErrors?: number
  readonly seed: number
}

/** What several annotators answered: who can be believed, what the labels are. Throws USAGE where flags don't fit. */
export const checkAnnotations = async (
  file: string | undefined,
  flags: AnnotationFlags,
): Promise<AnnotationsResult> => {
  const { annotations, goldFile, consensus, annotatorsOut, auditBound, audited, auditErrors } = flags
  const path = annotations ?? file
  if (path === undefined) throw new BartizanError('USAGE', 'there is no table of answers')
  if (annotations !== undefined && file !== undefined && annotations !== file)
    throw new BartizanError('USAGE', 'a file of rows and --annotations were both given', {
      hint: 'rows with one label each are judged by themselves: run the command once for either',
    })
  if (auditBound === undefined && (flags.auditConfidence ?? audited ?? auditErrors) !== undefined)
    throw new BartizanError('USAGE', '--audit-confidence, --audited and --audit-errors go with --audit-bound')
  await checkOutputs(
    { '--annotations': path, '--gold-file': goldFile },
    { '--consensus': consensus, '--save-annotators': annotatorsOut },
  )
  const { item = 'item', annotator = 'annotator', label = 'label', gold, level, method, smoothing, seed } = flags
  const options = given({ gold, goldFile, level, method, smoothing, consensusOut: consensus, annotatorsOut })
  const audit = auditBound !== undefined && {
    audit: { bound: auditBound, ...given({ confidence: flags.auditConfidence, audited, errors: auditErrors }) },
  }
  return assessAnnotations(path, { item, annotator, label, seed, ...options, ...audit })
}

/** What was given: what was not has a default elsewhere. */
const given = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
