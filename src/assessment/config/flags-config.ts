import { BartizanError } from '../../base/errors.ts'
import { type Config, type ConfigInput, configSchema } from '../../contract/index.ts'
import { problemsOf } from './problems.ts'

/**
 * The configuration that command-line flags describe in place of a file; paths stay relative to where the command
 * runs. Throws USAGE with every problem at once.
 */
export const configFromFlags = (flags: ConfigInput): Config => {
  const parsed = configSchema.safeParse(flags)
  if (parsed.success) return parsed.data
  const problems = problemsOf(parsed.error.issues, flags).map(({ message }) => message)
  throw new BartizanError('USAGE', problems.join('\n  '), {
    hint: 'bartizan assess --help lists the flags',
    data: { problems },
  })
}
