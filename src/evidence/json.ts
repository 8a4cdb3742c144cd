import type { z } from 'zod'
import { BartizanError } from '../base/errors.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Strict UTF-8 JSON checked by a schema. Throws EVIDENCE_INVALID that names `what` and the first wrong member. */
export const parseJson = <T>(bytes: Uint8Array, schema: z.ZodType<T>, what: string): T => {
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(bytes))
  } catch (cause) {
    throw new BartizanError('EVIDENCE_INVALID', `${what} is not JSON in UTF-8`, { cause })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`
  throw new BartizanError('EVIDENCE_INVALID', `${what} is malformed${where}: ${issue.message}`, {
    data: { path: issue.path },
  })
}
