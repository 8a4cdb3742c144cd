import type { Progress } from '../../assessment/assess.ts'
import { oneLine } from '../../assessment/report/safe-text.ts'
import { type Sink, widthOf } from './terminal.ts'

/** Milliseconds between two updates of a line that is rewritten, and between two lines of a log. */
const redraw = 100
const logged = 10_000

const clear = '\r\u001b[K'

const seconds = (milliseconds: number): string => {
  const whole = Math.round(milliseconds / 1000)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** "pgd: 45 %, 12 s, about 15 s left"; what is said of the step comes last, where a narrow terminal may cut it. */
const status = (step: string, done: number, elapsed: number, detail: string | undefined): string => {
  const left = done > 0.02 && elapsed > 2000 ? `, about ${seconds((elapsed * (1 - done)) / done)} left` : ''
  return `${step}: ${Math.floor(100 * done)} %, ${seconds(elapsed)}${left}${detail ? `; ${detail}` : ''}`
}

/**
 * Live progress on `sink`: one line that is rewritten on a terminal, a plain line now and then elsewhere. `check` is
 * called at every update and may throw to stop the work.
 */
export const progressOn = (sink: Sink, check: () => void, now: () => number = Date.now): Progress => {
  const live = sink.isTTY === true
  let step = ''
  let started = 0
  let shown = 0
  const line = (text: string): void => {
    sink.write(live ? `${clear}${oneLine(text).slice(0, widthOf(sink) - 1)}` : `${oneLine(text)}\n`)
  }
  return {
    start(name) {
      check()
      step = name
      started = now()
      shown = started
      if (live) line(`${step} …`)
    },
    update(done, detail) {
      check()
      if (now() - shown < (live ? redraw : logged)) return
      shown = now()
      line(status(step, done, shown - started, detail))
    },
    end(result) {
      check()
      line(`${step}: ${result}, ${seconds(now() - started)}`)
      if (live) sink.write('\n')
    },
  }
}
