import { setTimeout as sleep } from 'node:timers/promises'

/** Lets requests through: so many at a time, so many a second, and none while the server asked for quiet. */
export interface Pacing {
  /** Waits for its turn, then does `work`. */
  turn<T>(work: () => Promise<T>): Promise<T>
  /** No request starts for so many milliseconds from now. */
  quiet(milliseconds: number): void
}

/** `rate`: most requests a second. */
export const pacing = (concurrency: number, rate: number = Number.POSITIVE_INFINITY): Pacing => {
  const waiting: (() => void)[] = []
  let running = 0
  /** When the next request may start. */
  let next = 0
  const started = async (): Promise<void> => {
    for (;;) {
      const now = performance.now()
      if (now >= next) {
        next = now + 1000 / rate
        return
      }
      await sleep(next - now)
    }
  }
  return {
    async turn(work) {
      if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve))
      else running++
      try {
        await started()
        return await work()
      } finally {
        const successor = waiting.shift()
        if (successor) successor()
        else running--
      }
    },
    quiet(milliseconds) {
      next = Math.max(next, performance.now() + milliseconds)
    },
  }
}
