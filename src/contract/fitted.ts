import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { sha256Schema } from './subject.ts'

/** What an attack made once for all rows: a universal perturbation, or a patch. */
export const fittedSchema = z.strictObject({
  kind: z.enum(['perturbation', 'patch']),
  sha256: sha256Schema.describe('of its values as little-endian float32, row-major'),
  shape: z.array(z.int().nonnegative()).describe('that of a row; of a patch [channels, side, side]'),
  lowest: z.number().nullable().describe('smallest of its values; null where it has none'),
  highest: z.number().nullable(),
  norms: z
    .strictObject({ linf: z.number().nonnegative(), l2: z.number().nonnegative() })
    .optional()
    .describe('of a perturbation, before it is clipped to the range of the input'),
  side: z.int().nonnegative().optional().describe('of a patch: its side on the picture, in pixels, at its largest'),
  share: z.number().min(0).max(1).optional().describe('of a patch: the share of the picture that this is'),
  fitRows: z.int().nonnegative().optional().describe('rows that it was made from; absent where it came from a file'),
  shownRows: z
    .int()
    .nonnegative()
    .optional()
    .describe('those of them that were predicted right: it is made from these'),
  judgedRows: z.int().nonnegative().describe('rows that it was judged on'),
  overlap: z.int().nonnegative().optional().describe('rows that it was made from and judged on; absent with a file'),
  queries: z
    .strictObject({ forward: z.int().nonnegative(), gradient: z.int().nonnegative() })
    .optional()
    .describe('what making it took, besides what the judged rows took'),
  picture: z
    .strictObject({ name: z.string(), gain: z.number().positive().describe('factor by which it is enlarged') })
    .optional()
    .describe('of a picture that the HTML report gets apart from the JSON'),
  file: z.strictObject({ path: z.string(), sha256: sha256Schema }).optional().describe('where it came from'),
})

export type Fitted = DeepReadonly<z.infer<typeof fittedSchema>>
