import { setTimeout as sleep } from 'node:timers/promises'
import { BartizanError } from '../../base/errors.ts'
import type { Random } from '../../base/random.ts'
import { shownUrl } from './address.ts'
import { parseAnswer } from './answer-json.ts'
import { backOff, retryAfterOf } from './back-off.ts'
import type { Pacing } from './pacing.ts'
import type { Secrets } from './secrets.ts'
import { type Reply, type Request, send, type TransportLimits } from './transport.ts'

export interface RequestLimits extends TransportLimits {
  readonly retries: number
  /** Milliseconds. */
  readonly longestWait: number
}

/** What was sent until now. */
interface RequestCount {
  requests: number
  /** Not answered, or with nothing of use. */
  failed: number
  /** Sent again after one that failed. */
  retried: number
  /** Waited for answers, all requests added up. */
  milliseconds: number
  /** When the first was sent, and when the last ended. */
  first: number | undefined
  last: number
}

export const newCount = (): RequestCount => ({
  requests: 0,
  failed: 0,
  retried: 0,
  milliseconds: 0,
  first: undefined,
  last: 0,
})

export interface RequestOptions {
  readonly limits: RequestLimits
  readonly pacing: Pacing
  readonly secrets: Secrets
  readonly random: Random
  /** Called before each attempt; where it throws, nothing is sent. */
  readonly before?: () => Promise<void>
  readonly count: RequestCount
}

/** An attempt that was of no use: why, whether another may be, and when at the earliest. */
interface Failed {
  readonly failure: string
  readonly again: boolean
  readonly wait?: number
  readonly status?: number
}

/**
 * Sends a request until there is an answer in JSON: failures that may pass (no connection, no answer in time, 408, 425,
 * 429, 5xx, an answer cut short) are repeated after a growing wait, or the wait that the server asks for. Throws
 * ENDPOINT_FAILED.
 */
export const answerTo = async (
  request: Omit<Request, 'headers'>,
  options: RequestOptions,
): Promise<{ readonly value: unknown }> => {
  const { limits, pacing, random, secrets } = options
  for (let attempt = 0; ; attempt++) {
    const answer = await pacing.turn(async (): Promise<{ readonly value: unknown } | Failed> => {
      await options.before?.()
      const started = performance.now()
      const { count } = options
      count.requests++
      if (attempt > 0) count.retried++
      count.first ??= started
      const reply = await send({ ...request, headers: secrets.headers }, limits)
      count.last = performance.now()
      count.milliseconds += count.last - started
      const judged: { readonly value: unknown } | Failed = 'failure' in reply ? reply : judge(reply, secrets)
      // Everybody waits where the server asked for it.
      if ('wait' in judged && judged.wait !== undefined) pacing.quiet(Math.min(judged.wait, limits.longestWait))
      return judged
    })
    if ('value' in answer) return answer
    options.count.failed++
    const wait = Math.max(answer.wait ?? 0, backOff(attempt, limits.longestWait, random))
    const patient = wait <= limits.longestWait
    if (!answer.again || attempt >= limits.retries || !patient) throw failed(request.url, answer, attempt + 1, patient)
    await sleep(wait)
  }
}

const passing = new Set([408, 425, 429, 500, 502, 503, 504, 529])

const judge = (reply: Reply, secrets: Secrets): { readonly value: unknown } | Failed => {
  const { status, text, location } = reply
  if (status >= 300 && status < 400)
    return {
      failure: `it answered ${status}, a redirect${location === null ? '' : ` to ${excerpt(secrets.hide(location))}`}: only the named host is asked`,
      again: false,
      status,
    }
  if (status < 200 || status >= 300) {
    const said = excerpt(secrets.hide(text))
    const wait = retryAfterOf(reply.retryAfter, Date.now())
    return {
      failure: `it answered ${status}${said === '' ? '' : `: ${said}`}`,
      again: passing.has(status),
      status,
      ...(wait !== undefined && { wait }),
    }
  }
  return (
    parseAnswer(text) ?? {
      failure: `its answer is not JSON: ${excerpt(secrets.hide(text)) || 'empty'}`,
      again: true,
      status,
    }
  )
}

/** Untrusted: short, and in one line. */
const excerpt = (text: string): string => {
  const line = text
    .slice(0, 2000)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
  return line.length > 160 ? `${line.slice(0, 160)} …` : line
}

const failed = (
  url: URL,
  { failure, status, again, wait }: Failed,
  attempts: number,
  patient: boolean,
): BartizanError => {
  const tried = attempts === 1 ? '' : ` (${attempts} attempts)`
  const long = patient ? '' : `; it asks to wait ${Math.ceil((wait ?? 0) / 1000)} s`
  const hint =
    status === 401 || status === 403
      ? 'name the environment variable that holds its token: model.endpoint.token or headers'
      : status !== undefined && status >= 300 && status < 400
        ? 'name the address that it redirects to, if you trust it'
        : again
          ? 'what it has answered is kept: the same command with --resume goes on from there'
          : 'look at the address, the names and the form of the request'
  return new BartizanError('ENDPOINT_FAILED', `the endpoint ${shownUrl(url)} failed: ${failure}${tried}${long}`, {
    hint,
    data: { status, attempts },
  })
}
