import { BartizanError } from '../../base/errors.ts'
import { problemsOf } from '../../base/yaml/problems.ts'
import { type Config, type ConfigInput, configSchema } from '../../contract/index.ts'
import { configKeys } from './config-keys.ts'

/**
 * The configuration that command-line flags describe in place of a file; paths stay relative to where the command
 * runs. Throws USAGE with every problem at once.
 */
export const configFromFlags = (flags: ConfigInput): Config => {
  const parsed = configSchema.safeParse(flags)
  if (parsed.success) return parsed.data
  const problems = problemsOf(parsed.error.issues, flags, configKeys).map(({ message }) => message)
  throw new BartizanError('USAGE', problems.join('\n  '), {
    hint: 'bartizan assess --help lists the flags',
    data: { problems },
  })
}
