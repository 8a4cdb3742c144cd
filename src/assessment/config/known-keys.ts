import type { JsonSchema } from './json-schema.ts'
import type { ConfigPath } from './yaml-source.ts'

const variants = (schema: JsonSchema): readonly JsonSchema[] =>
  schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap((variant) => variants(variant))

const member = (schema: JsonSchema, key: string | number): readonly JsonSchema[] => {
  const found = typeof key === 'number' ? schema.items : schema.properties?.[key]
  return typeof found === 'object' && !Array.isArray(found) ? variants(found) : []
}

/** The keys that the schema knows in the object at `path`: where to look for what a mistyped key meant. */
export const knownKeys = (schema: JsonSchema, path: ConfigPath): readonly string[] => {
  let level = variants(schema)
  for (const key of path) level = level.flatMap((variant) => member(variant, key))
  return level.flatMap((variant) => Object.keys(variant.properties ?? {}))
}
