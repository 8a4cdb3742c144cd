#!/usr/bin/env node
import { run } from './run.ts'
import { watchInterrupts } from './terminal/interrupt.ts'

/** A reader that went away (`bartizan … | head`) is no error; the work and its files are still wanted. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

watchInterrupts()
process.exitCode = await run(process.argv.slice(2), process, process.env)
