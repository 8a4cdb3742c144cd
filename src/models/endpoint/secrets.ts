import { BartizanError } from '../../base/errors.ts'
import type { EndpointConfig } from '../../contract/endpoint.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface Secrets {
  /** Headers that carry them: read from the environment at each start, never stored. */
  readonly headers: Readonly<Record<string, string>>
  /** A server's words without them, in case it says back what it was sent. */
  hide(text: string): string
}

/** Throws CONFIG_INVALID where a variable that is named isn't set, or can't stand in a header. */
export const secretsFrom = (
  { token, headers = {} }: Pick<EndpointConfig, 'token' | 'headers'>,
  environment: Environment,
): Secrets => {
  const secretIn = (variable: string): string => {
    const value = environment[variable]
    if (value === undefined || value === '')
      throw new BartizanError('CONFIG_INVALID', `the environment variable ${variable} is not set`, {
        hint: 'it holds a secret that the endpoint wants: set it for this command',
        data: { variable },
      })
    if (!/^[\x20-\x7e]+$/.test(value))
      throw new BartizanError(
        'CONFIG_INVALID',
        `what ${variable} holds can't stand in a header: printable ASCII only`,
        {
          data: { variable },
        },
      )
    return value
  }
  const named = Object.entries(headers).map(([name, variable]) => [name, secretIn(variable)] as const)
  const bearer = token === undefined ? undefined : secretIn(token)
  const values = [...named.map(([, value]) => value), ...(bearer === undefined ? [] : [bearer])]
  return {
    headers: {
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...Object.fromEntries(named),
    },
    hide: (text) => values.reduce((shown, value) => shown.replaceAll(value, '(secret)'), text),
  }
}
