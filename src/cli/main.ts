#!/usr/bin/env node
import { writeError } from '../base/system-error.ts'
import { run } from './run.ts'
import { report } from './terminal/failure.ts'
import { watchInterrupts } from './terminal/interrupt.ts'

/**
 * A reader that went away (`bartizan … | head`) is no error; the work and its files are still wanted. A result that
 * can't be written is one, whatever the result was. Progress that can't be written changes nothing.
 */
let lost: NodeJS.ErrnoException | undefined
process.stderr.on('error', () => {})
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') lost ??= error
})
process.once('exit', () => {
  if (lost === undefined) return
  const error = writeError('standard output', lost)
  process.exitCode = report(error, process.stderr, Boolean(process.env.BARTIZAN_DEBUG))
})

watchInterrupts()
process.exitCode = await run(process.argv.slice(2), process, process.env)
