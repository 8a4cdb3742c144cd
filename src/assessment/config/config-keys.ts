import { knownKeys } from '../../base/yaml/known-keys.ts'
import { configSchema } from '../../contract/index.ts'

/** The keys of bartizan.yaml, by path. */
export const configKeys = knownKeys(configSchema)
