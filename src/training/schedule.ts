import { BartizanError } from '../base/errors.ts'
import { nearest } from '../base/registry.ts'

/** The learning rate of a step, counted from 0, of a run of `totalSteps` steps. */
export type Schedule = (step: number, totalSteps: number) => number

export const scheduleNames = ['constant', 'step', 'cosine', 'cyclic'] as const
export type ScheduleName = (typeof scheduleNames)[number]

export interface ScheduleOptions {
  readonly name: ScheduleName
  /** The highest rate. */
  readonly rate: number
  /** Share of all steps over which the rate first rises in a straight line; the schedule has the rest. Default 0. */
  readonly warmup?: number
  /** step: what the rate is multiplied by at each drop; default 0.1. */
  readonly factor?: number
  /** step: where the drops are, as increasing shares of the steps; default 0.5 and 0.75. */
  readonly drops?: readonly number[]
  /** cosine, cyclic: the lowest rate; default 0. */
  readonly final?: number
  /** cosine, cyclic: how many times the whole course is run through, each in equal time; default 1. */
  readonly cycles?: number
  /** cyclic: where in a cycle the highest rate lies; default 0.4, as for MNIST in Wong et al. */
  readonly peak?: number
}

type Option = Exclude<keyof ScheduleOptions, 'name' | 'rate' | 'warmup'>

/** What each schedule reads beside the rate, and its course: from 0 to 1 of the run to a share between final and rate. */
const courses: Readonly<
  Record<ScheduleName, { readonly reads: readonly Option[]; of(options: ScheduleOptions): (at: number) => number }>
> = {
  /** The same rate all the time. */
  constant: { reads: [], of: () => () => 1 },
  /** Multiplied by `factor` at each of `drops`. */
  step: {
    reads: ['factor', 'drops'],
    of:
      ({ factor = 0.1, drops = [0.5, 0.75] }) =>
      (at) =>
        factor ** drops.filter((drop) => at >= drop).length,
  },
  /** Half a cosine from the rate to the final one, over again in each cycle (Loshchilov and Hutter, arXiv:1608.03983). */
  cosine: {
    reads: ['final', 'cycles'],
    of:
      ({ cycles = 1 }) =>
      (at) =>
        (1 + Math.cos(Math.PI * ((at * cycles) % 1))) / 2,
  },
  /** Up in a straight line, then down (Smith, arXiv:1506.01186; as in fast adversarial training, arXiv:2001.03994). */
  cyclic: {
    reads: ['final', 'cycles', 'peak'],
    of:
      ({ cycles = 1, peak = 0.4 }) =>
      (at) => {
        const within = (at * cycles) % 1
        return within < peak ? within / peak : (1 - within) / (1 - peak)
      },
  },
}

/**
 * A learning rate schedule. A step's rate is that of the step's beginning, but for the cyclic one, which is read in the
 * middle of the step: at its beginning the first step would move nothing. Throws CONFIG_INVALID for values that make no
 * sense and for options that the schedule doesn't read.
 */
export const scheduleOf = (options: ScheduleOptions): Schedule => {
  check(options)
  const { name, rate, warmup = 0, final = 0 } = options
  const course = courses[name].of(options)
  const offset = name === 'cyclic' ? 0.5 : 0
  return (step, totalSteps) => {
    const rising = Math.round(warmup * totalSteps)
    if (step < rising) return (rate * (step + 1)) / (rising + 1)
    // Steps beyond the planned ones go on as the last one.
    const at = (Math.min(step, totalSteps - 1) - rising + offset) / Math.max(1, totalSteps - rising)
    return final + (rate - final) * course(at)
  }
}

const check = (options: ScheduleOptions): void => {
  const { name, rate, warmup = 0, factor = 0.1, drops = [], final = 0, cycles = 1, peak = 0.4 } = options
  if (!scheduleNames.includes(name)) {
    const guess = nearest(name, scheduleNames)
    throw new BartizanError('CONFIG_INVALID', `there is no learning rate schedule "${name}"`, {
      hint: guess ? `did you mean "${guess}"?` : `the schedules are ${scheduleNames.join(', ')}`,
    })
  }
  const { reads } = courses[name]
  const unread = Object.entries(options).find(
    ([key, value]) => value !== undefined && !['name', 'rate', 'warmup', ...reads].includes(key),
  )
  if (unread)
    throw new BartizanError('CONFIG_INVALID', `the ${name} schedule doesn't read "${unread[0]}"`, {
      hint: `it reads ${['rate', 'warmup', ...reads].join(', ')}`,
    })
  demand('rate', rate, rate > 0 && rate < Number.POSITIVE_INFINITY, 'above 0')
  demand('warmup', warmup, warmup >= 0 && warmup < 1, 'a share of the steps, at least 0 and below 1')
  demand('factor', factor, factor > 0 && factor <= 1, 'above 0 and at most 1')
  demand('final', final, final >= 0 && final <= rate, `from 0 to the rate, ${rate}`)
  demand('cycles', cycles, Number.isInteger(cycles) && cycles >= 1, 'a whole number of 1 or more')
  demand('peak', peak, peak > 0 && peak < 1, 'between 0 and 1')
  const rising = drops.every((drop, i) => drop > (drops[i - 1] ?? 0) && drop < 1)
  demand('drops', drops.join(', '), rising, 'increasing shares of the steps, between 0 and 1')
}

const demand = (key: Option | 'rate' | 'warmup', value: number | string, holds: boolean, expected: string): void => {
  if (!holds)
    throw new BartizanError('CONFIG_INVALID', `${key} of the learning rate is ${value} but should be ${expected}`)
}
