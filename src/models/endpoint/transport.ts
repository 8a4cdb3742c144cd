import { systemCode } from '../../base/system-error.ts'

/** One request over HTTP. */
export interface Request {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** JSON; a request without is a GET. */
  readonly body?: string
}

/** What came back, whatever the server thought of it. */
export interface Reply {
  readonly status: number
  readonly text: string
  readonly retryAfter: string | null
  readonly location: string | null
}

/** Why there was no whole reply. `again`: another attempt may have one. */
export interface NoReply {
  readonly failure: string
  readonly again: boolean
}

export interface TransportLimits {
  /** Milliseconds until the last byte. */
  readonly timeout: number
  readonly largestAnswer: number
}

/**
 * Sends one request with Node's fetch and reads the whole reply. Redirects are not followed: rows and secrets go to the
 * named host only.
 */
export const send = async (request: Request, limits: TransportLimits): Promise<Reply | NoReply> => {
  const ended = AbortSignal.timeout(limits.timeout)
  try {
    const response = await fetch(request.url, {
      method: request.body === undefined ? 'GET' : 'POST',
      headers: {
        ...request.headers,
        accept: 'application/json',
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
      },
      body: request.body,
      redirect: 'manual',
      signal: ended,
    })
    const text = await readText(response.body, limits.largestAnswer)
    if (text === undefined)
      return { failure: `an answer of more than ${limits.largestAnswer} bytes (largest-answer)`, again: false }
    const { status, headers } = response
    return { status, text, retryAfter: headers.get('retry-after'), location: headers.get('location') }
  } catch (error) {
    if (ended.aborted) return { failure: `no answer within ${limits.timeout / 1000} s`, again: true }
    return { failure: reasonOf(error), again: true }
  }
}

/** Undefined where there is more than `most`: the rest is not read. */
const readText = async (body: Response['body'], most: number): Promise<string | undefined> => {
  if (!body) return ''
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    bytes += piece.length
    if (bytes > most) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused: nothing listens there',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host could not be resolved',
  UND_ERR_SOCKET: 'the connection was closed before the answer was whole',
  UND_ERR_CONNECT_TIMEOUT: 'the host could not be reached in time',
}

/** fetch says "fetch failed"; why is in the causes. */
const reasonOf = (error: unknown): string => {
  const code = systemCode(error)
  if (code !== undefined && words[code]) return words[code]
  if (error instanceof Error && error.cause !== undefined) return reasonOf(error.cause)
  return `the connection failed (${code ?? (error instanceof Error ? error.message : 'for no known reason')})`
}
