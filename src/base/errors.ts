/** Exit codes are part of the command contract: scripts and pipelines rely on them. */
export const exitCodes = { passed: 0, failed: 1, usage: 2, input: 3, internal: 4 } as const

/**
 * Every error a user can meet, once: how a command exits and how a server answers.
 * Tests assert the code, never the prose.
 */
export const errorCodes = {
  USAGE: { exit: exitCodes.usage, http: 400 },
  CONFIG_INVALID: { exit: exitCodes.usage, http: 400 },
  FILE_NOT_FOUND: { exit: exitCodes.input, http: 404 },
  FILE_UNREADABLE: { exit: exitCodes.input, http: 403 },
  FILE_UNWRITABLE: { exit: exitCodes.input, http: 500 },
  MODEL_FORMAT_UNSUPPORTED: { exit: exitCodes.input, http: 415 },
  MODEL_CORRUPT: { exit: exitCodes.input, http: 422 },
  MODEL_UNSAFE: { exit: exitCodes.input, http: 422 },
  MODEL_UNSUPPORTED: { exit: exitCodes.input, http: 422 },
  MODEL_OUTPUT_INVALID: { exit: exitCodes.input, http: 422 },
  MODEL_ACCURACY_UNEXPECTED: { exit: exitCodes.input, http: 422 },
  GRAPH_INVALID: { exit: exitCodes.input, http: 422 },
  GRAPH_OP_UNSUPPORTED: { exit: exitCodes.input, http: 422 },
  GRAPH_NOT_DIFFERENTIABLE: { exit: exitCodes.input, http: 422 },
  DATA_FORMAT_UNSUPPORTED: { exit: exitCodes.input, http: 415 },
  DATA_CORRUPT: { exit: exitCodes.input, http: 422 },
  DATA_SHAPE_MISMATCH: { exit: exitCodes.input, http: 422 },
  DATA_OUT_OF_RANGE: { exit: exitCodes.input, http: 422 },
  DATA_LABEL_INVALID: { exit: exitCodes.input, http: 422 },
  ATTACK_NOT_APPLICABLE: { exit: exitCodes.usage, http: 400 },
  EVIDENCE_INVALID: { exit: exitCodes.failed, http: 409 },
  ENDPOINT_FAILED: { exit: exitCodes.input, http: 502 },
  BUDGET_SPENT: { exit: exitCodes.input, http: 429 },
  RUN_CONFLICT: { exit: exitCodes.usage, http: 409 },
  INTERNAL: { exit: exitCodes.internal, http: 500 },
} as const

export type ErrorCode = keyof typeof errorCodes

export interface ErrorDetail {
  /** What the reader can do next. */
  readonly hint?: string
  /** Where it went wrong: file, line, node, column, row … */
  readonly data?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** An error for the reader: what was wrong and where (message), what to do (hint), the values (data). */
export class BartizanError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly data: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, { hint, data = {}, cause }: ErrorDetail = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'BartizanError'
    this.code = code
    this.hint = hint
    this.data = data
  }

  get exitCode(): number {
    return errorCodes[this.code].exit
  }
}

/** Whether `error` is a BartizanError, of the given code where one is given. */
export const isBartizanError = (error: unknown, code?: ErrorCode): error is BartizanError =>
  error instanceof BartizanError && (code === undefined || error.code === code)
