import type { Progress } from '../../assessment/progress.ts'
import { safeText } from '../../assessment/report/safe-text.ts'
import { checkInterrupted } from './interrupt.ts'
import { progressOn } from './progress.ts'
import { type Terminal, widthOf } from './terminal.ts'

/** Where a command's words, progress and result go. */
export interface Output {
  /** Columns that text may take. */
  readonly width: number
  readonly progress: Progress
  /** Whether standard output carries the JSON. */
  readonly writesJsonToStdout: boolean
  /** For the reader, a line or several; to standard error where standard output carries the JSON. */
  print(text: string): void
  /** The machine-readable result, written where --json asks for it; does nothing without --json. */
  json(value: unknown): Promise<void>
}

/** `jsonFile` is what --json names. Whatever is printed is freed of control characters: it may come from a model file. */
export const outputTo = ({ stdout, stderr }: Terminal, jsonFile: string | undefined): Output => {
  const words = jsonFile === '-' ? stderr : stdout
  return {
    width: widthOf(words),
    progress: progressOn(stderr, checkInterrupted),
    writesJsonToStdout: jsonFile === '-',
    print(text) {
      words.write(`${safeText(text)}\n`)
    },
    async json(value) {
      if (jsonFile === undefined) return
      const bytes = `${JSON.stringify(value, null, 2)}\n`
      if (jsonFile === '-') {
        stdout.write(bytes)
        return
      }
      const { writeAtomically } = await import('../../data/atomic-file.ts')
      await writeAtomically(jsonFile, (file) => file.write(Buffer.from(bytes)))
    },
  }
}
