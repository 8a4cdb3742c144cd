import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { BartizanError, type ErrorCode, errorCodes } from '../../base/errors.ts'
import { failureOf, report } from './failure.ts'
import { Interrupted } from './interrupt.ts'

const codes = Object.keys(errorCodes) as ErrorCode[]

describe('failureOf', () => {
  it.each(codes)('%s exits as the table of errors says, and prints code, message and hint', (code) => {
    const { exitCode, text } = failureOf(new BartizanError(code, 'what was wrong', { hint: 'what to do' }), false)
    expect(exitCode).toBe(errorCodes[code].exit)
    expect(text).toBe(`error ${code}: what was wrong\nhint: what to do\n`)
  })

  it('ends with 4 on what nobody expected, and says how to see more', () => {
    const { exitCode, text } = failureOf(new TypeError('x is undefined'), false)
    expect(exitCode).toBe(4)
    expect(text).toMatch(/^error INTERNAL: x is undefined\n.*BARTIZAN_DEBUG=1/)
    expect(text).not.toContain('failure.test.ts')
    expect(failureOf(new TypeError('x is undefined'), true).text).toContain('failure.test.ts')
  })

  it('ends with 130 where the user interrupted', () => {
    expect(failureOf(new Interrupted(), false)).toEqual({ exitCode: 130, text: 'interrupted\n' })
  })

  it('turns a mistyped option into a usage error with the suggestion as its hint', () => {
    const error = new CommanderError(
      1,
      'commander.unknownOption',
      "error: unknown option '--modle'\n(Did you mean --model?)",
    )
    expect(failureOf(error, false)).toEqual({
      exitCode: 2,
      text: "error USAGE: unknown option '--modle'\nhint: did you mean --model?\n",
    })
  })

  it('keeps control characters of untrusted text off the terminal', () => {
    let written = ''
    const sink = { write: (text: string) => (written += text) }
    expect(report(new BartizanError('MODEL_CORRUPT', 'node "\u001b[2Jevil"'), sink, false)).toBe(3)
    expect(written).not.toContain('\u001b')
    expect(written).toContain('evil')
  })
})
