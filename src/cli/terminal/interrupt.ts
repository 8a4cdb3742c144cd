/** Thrown where work stops because the user asked for it (Ctrl-C): files that were being written are removed. */
export class Interrupted extends Error {
  /** How to go on. */
  readonly hint: string | undefined

  constructor(hint?: string) {
    super('interrupted')
    this.name = 'Interrupted'
    this.hint = hint
  }
}

/** What shells expect of a program that SIGINT ended: 128 + 2. */
export const interruptedExit = 130

/** How long work may take to stop by itself, in milliseconds. */
const patience = 3000

let interrupted = false

/** Throws Interrupted once the user has asked to stop. */
export const checkInterrupted = (): void => {
  if (interrupted) throw new Interrupted()
}

/** The first Ctrl-C lets the work unwind; the second, or work that doesn't notice, ends the process at once. */
export const watchInterrupts = (): void => {
  process.on('SIGINT', () => {
    if (interrupted) process.exit(interruptedExit)
    interrupted = true
    setTimeout(() => process.exit(interruptedExit), patience).unref()
  })
}
