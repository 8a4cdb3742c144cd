import { BartizanError } from '../../base/errors.ts'
import type { EndpointConfig, EndpointProtocol } from '../../contract/endpoint.ts'

export interface Address {
  readonly url: URL
  readonly protocol: EndpointProtocol
  /** What a reader of the report should know of the connection. */
  readonly note?: string
}

const endings: readonly (readonly [RegExp, EndpointProtocol])[] = [
  [/\/v2\/models\/[^/]+(\/versions\/[^/]+)?(\/infer)?\/?$/, 'v2'],
  [/\/v1\/models\/[^/]+(\/(versions|labels)\/[^/]+)?(:predict)?\/?$/, 'tensorflow'],
  [/\/invocations\/?$/, 'mlflow'],
]

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

/**
 * Where an endpoint is and what it speaks, told by its path where nobody says. Throws CONFIG_INVALID for credentials in
 * the address, for secrets that would travel unencrypted to another machine, and for an address that tells no protocol.
 */
export const addressOf = (config: Pick<EndpointConfig, 'url' | 'protocol' | 'token' | 'headers'>): Address => {
  const url = new URL(config.url)
  if (url.username !== '' || url.password !== '')
    throw new BartizanError('CONFIG_INVALID', 'the address of the endpoint holds a user name or a password', {
      hint: 'name an environment variable that holds the secret: model.endpoint.token or headers',
    })
  const protocol = config.protocol ?? endings.find(([ending]) => ending.test(url.pathname))?.[1]
  if (protocol === undefined)
    throw new BartizanError('CONFIG_INVALID', `${shownUrl(url)} does not tell which protocol the endpoint speaks`, {
      hint: 'set model.endpoint.protocol: v2, tensorflow, mlflow, or json with a request template',
    })
  if (url.protocol === 'https:') return { url, protocol }
  if (loopback.test(url.hostname)) return { url, protocol, note: 'http, on this machine' }
  if (config.token !== undefined || Object.keys(config.headers ?? {}).length > 0)
    throw new BartizanError('CONFIG_INVALID', `${shownUrl(url)} would be sent a secret unencrypted`, {
      hint: 'use https, or reach the server through a tunnel on this machine',
    })
  return { url, protocol, note: 'http: rows and answers travel unencrypted, and anybody on the way can change them' }
}

/** As messages and reports show it: query parameters often hold keys. */
export const shownUrl = (url: URL): string => `${url.origin}${url.pathname}`
