import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { figureSchema } from './figure.ts'
import { sha256Schema } from './subject.ts'
import { normSchema, paramsSchema } from './threat.ts'

/**
 * Rows made on each surrogate, and on all together, judged on every model: what carries over from one to another.
 * `models` are the columns: the model that is assessed first, then the surrogates.
 */
export const transferMatrixSchema = z
  .strictObject({
    norm: normSchema,
    epsilon: z.number().nonnegative(),
    params: paramsSchema,
    models: z.array(z.strictObject({ name: z.string(), sha256: sha256Schema })).min(2),
    clean: z.array(figureSchema).describe('accuracy of each model before any attack'),
    crafted: z.array(
      z.strictObject({
        on: z
          .array(z.int().positive())
          .min(1)
          .describe('the models that the rows were made on, as indices into models; several are an ensemble'),
        robust: z.array(figureSchema).describe('robust accuracy of each model'),
      }),
    ),
  })
  .superRefine(({ models, clean, crafted }, context) => {
    const demand = (met: boolean, path: (string | number)[], message: string): void => {
      if (!met) context.addIssue({ code: 'custom', path, message })
    }
    demand(clean.length === models.length, ['clean'], 'one figure a model')
    crafted.forEach(({ on, robust }, row) => {
      demand(robust.length === models.length, ['crafted', row, 'robust'], 'one figure a model')
      demand(
        on.every((model) => model < models.length),
        ['crafted', row, 'on'],
        'no such model',
      )
    })
  })

export type TransferMatrix = DeepReadonly<z.infer<typeof transferMatrixSchema>>
