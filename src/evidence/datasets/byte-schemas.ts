import { z } from 'zod'
import { decodeBase64 } from '../base64.ts'

/** Bytes as base64 in its one canonical form: loose padding bits could change without notice. */
export const base64Schema = z
  .base64()
  .refine((text) => decodeBase64(text) !== undefined, 'expected base64 in its canonical form')

export const hexSchema = z.string().regex(/^([0-9a-f]{2})*$/)
