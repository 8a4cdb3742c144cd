import { BartizanError } from '../../base/errors.ts'
import { durationSeconds } from '../../screening/validation/schema/temporal.ts'
import { bareOrValued, optional, type Parse, repeated, toggle } from './flag.ts'
import { text } from './parse.ts'

/** Seconds of "90s", "30m", "12h", "7d" or "2w". */
const duration: Parse<number> = (written, flag) => {
  const seconds = durationSeconds(written)
  if (seconds !== undefined) return seconds
  throw new BartizanError('USAGE', `${flag} is "${written}", expected a time such as 90s, 30m, 12h or 7d`, {
    data: { flag, written },
  })
}

/** Flags of the training gate. */
export const gateFlags = () => ({
  requireValidated: bareOrValued(
    '--require-validated [schema]',
    'refuse data without a signed pass of `data validate --attest`, with this schema if it is named',
    text,
  ),
  labelsSchema: optional('--labels-schema <file>', 'schema of files of labels, where it is another one', text),
  validatedWithin: optional('--validated-within <time>', 'refuse a pass that is older, e.g. 12h or 7d', duration),
  refuseWarnings: toggle('--refuse-warnings', 'refuse a pass with warnings'),
  trustedKey: repeated(
    '--trusted-key <file.pem>',
    'public key whose signatures count, instead of those in .bartizan/keys',
    text,
  ),
})
