import { z } from 'zod'
import type { KnownKeys } from './problems.ts'

type JsonSchema = z.core.JSONSchema.BaseSchema

const isSchema = (found: unknown): found is JsonSchema =>
  typeof found === 'object' && found !== null && !Array.isArray(found)

const variants = (schema: JsonSchema): readonly JsonSchema[] => {
  const choice = schema.anyOf ?? schema.oneOf
  return choice === undefined ? [schema] : choice.flatMap((variant) => variants(variant))
}

const member = ({ items, properties = {}, additionalProperties }: JsonSchema, key: string | number) => {
  const named = Object.hasOwn(properties, key) ? properties[key] : additionalProperties
  const found = typeof key === 'number' ? items : named
  return isSchema(found) ? variants(found) : []
}

/** The keys that a schema knows in the mapping at a path, as the file is written: before defaults and transforms. */
export const knownKeys = (schema: z.ZodType): KnownKeys => {
  let top: readonly JsonSchema[] | undefined
  return (path) => {
    top ??= variants(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
    let level = top
    for (const key of path) level = level.flatMap((variant) => member(variant, key))
    return level.flatMap(({ properties = {} }) => Object.keys(properties))
  }
}
