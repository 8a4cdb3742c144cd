import { z } from 'zod'
import { isBartizanError } from '../../../base/errors.ts'
import { knownKeys } from '../../../base/yaml/known-keys.ts'
import { piiKinds } from '../../pii/index.ts'
import { type SanitisedKind, sanitisedKinds } from '../kind.ts'
import { isSanitisedKind, meant, misfit, parseAction } from './action.ts'

/** `mask`, `mask:4`, `drop`, … */
const actionSchema = z.string().transform((written, context) => {
  try {
    return parseAction(written)
  } catch (error) {
    if (!isBartizanError(error)) throw error
    context.addIssue({ code: 'custom', message: [error.message, error.hint].filter(Boolean).join('; ') })
    return z.NEVER
  }
})

/** Actions by kind; a kind that doesn't exist, or an action that doesn't fit it, is named. */
const actionsSchema = z.record(z.string(), actionSchema).superRefine((actions, context) => {
  for (const [kind, action] of Object.entries(actions)) {
    const problem = isSanitisedKind(kind)
      ? misfit(kind, action)
      : `unknown kind "${kind}"; ${meant(kind, sanitisedKinds)}`
    if (problem !== undefined) context.addIssue({ code: 'custom', path: [kind], message: problem })
  }
}) as z.ZodType<Readonly<Partial<Record<SanitisedKind, ReturnType<typeof parseAction>>>>>

const score = z.number().min(0).max(1)

const columnSchema = z.union(
  [
    z.literal('skip').transform(() => ({ skip: true as const })),
    z
      .strictObject({
        as: z.enum([...piiKinds, 'age']).optional(),
        action: actionSchema.optional(),
        actions: actionsSchema.optional(),
        'min-score': score.optional(),
      })
      .superRefine(({ as, action }, context) => {
        if (action !== undefined && as === undefined)
          context.addIssue({
            code: 'custom',
            path: ['action'],
            message: 'action goes with "as"; without it use "actions"',
          })
        const problem = as !== undefined && action !== undefined ? misfit(as, action) : undefined
        if (problem !== undefined) context.addIssue({ code: 'custom', path: ['action'], message: problem })
      })
      .transform(({ as, action, actions, 'min-score': minScore }) => ({
        ...(as && { as }),
        ...((action || actions) && { actions: { ...actions, ...(as && action && { [as]: action }) } }),
        ...(minScore !== undefined && { minScore }),
      })),
  ],
  { error: 'expected "skip" or a mapping of as, action, actions, min-score' },
)

/** A rules file as it is written. */
export const rulesSchema = z.strictObject({
  actions: actionsSchema.optional(),
  columns: z.record(z.string(), columnSchema).optional(),
  'min-score': score.optional(),
  regions: z.array(z.string().regex(/^[A-Z]{2}$/, 'expected a country code of two capitals, such as DE')).optional(),
  nfc: z.boolean().optional(),
})

/** The keys of a rules file, by path. */
export const rulesKeys = knownKeys(rulesSchema)
