import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A process that answers each line of JSON with one. */
export interface LineProcess {
  ask(question: unknown): Promise<Record<string, number>>
  close(): void
}

/** Starts a command; what it says on stderr is shown. An answer that doesn't come is an error. */
export const lineProcess = (command: readonly string[]): LineProcess => {
  const child = spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      const { value, done } = await answers.next()
      if (done) throw new Error(`${command.join(' ')} ended without an answer to ${JSON.stringify(question)}`)
      return JSON.parse(value)
    },
    close: () => child.stdin.end(),
  }
}
