import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'

export const schema = defineCommand({
  name: 'schema',
  summary: 'Print the JSON Schema of bartizan.yaml, for editors that complete and check as one types',
  flags: {},
  examples: ['bartizan schema > bartizan.schema.json'],
  async run({ out }) {
    const { configJsonSchema } = await import('../../assessment/config/json-schema.ts')
    const found = configJsonSchema()
    if (!out.writesJsonToStdout) out.print(JSON.stringify(found, null, 2))
    await out.json(found)
    return exitCodes.passed
  },
})
