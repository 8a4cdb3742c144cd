import type { Progress } from '../../assessment/progress.ts'
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

/** Share of a step, and when it was reached. */
interface Point {
  readonly done: number
  readonly at: number
}

/**
 * "about 15 s left", at the pace since the step's first update: a resumed run begins with what was kept. Empty while
 * there is too little to tell from.
 */
const timeLeft = (first: Point, { done, at }: Point): string => {
  const [share, elapsed] = [done - first.done, at - first.at]
  return share > 0.02 && elapsed > 2000 ? `, about ${seconds((elapsed * (1 - done)) / share)} left` : ''
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
  let first: Point | undefined
  const line = (text: string): void => {
    sink.write(live ? `${clear}${oneLine(text).slice(0, widthOf(sink) - 1)}` : `${oneLine(text)}\n`)
  }
  return {
    start(name) {
      check()
      step = name
      started = now()
      shown = started
      first = undefined
      if (live) line(`${step} …`)
    },
    update(done, detail) {
      check()
      const point = { done, at: now() }
      first ??= point
      if (point.at - shown < (live ? redraw : logged)) return
      shown = point.at
      const left = timeLeft(first, point)
      // What is said of the step comes last, where a narrow terminal may cut it.
      line(`${step}: ${Math.floor(100 * done)} %, ${seconds(shown - started)}${left}${detail ? `; ${detail}` : ''}`)
    },
    end(result) {
      check()
      line(`${step}: ${result}, ${seconds(now() - started)}`)
      if (live) sink.write('\n')
    },
  }
}
