import { z } from 'zod'
import { decodeBase64 } from '../base64.ts'

/** Standard base64 in its one canonical form, decoded. */
export const base64Bytes = z.string().transform((text, context): Buffer => {
  const bytes = decodeBase64(text)
  if (bytes !== undefined) return bytes
  context.issues.push({ code: 'custom', input: text, message: 'expected base64 in its canonical form' })
  return z.NEVER
})
