import { z } from 'zod'
import { configSchema } from '../../contract/index.ts'

/** JSON Schema (2020-12) of bartizan.yaml as it is written, for editors that complete and check as one types. */
export const configJsonSchema = (): z.core.JSONSchema.BaseSchema => ({
  title: 'bartizan.yaml',
  description: 'What bartizan assess measures: the model, the data, the threat and the gates.',
  ...z.toJSONSchema(configSchema, { io: 'input' }),
})
