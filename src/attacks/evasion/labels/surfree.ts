import { defineAttack } from '../../../threat/attack.ts'
import { allDirections, lowFrequencies } from './direction-space.ts'
import { remembered } from './fresh-directions.ts'
import { walkRows } from './label-walks.ts'
import { surfreeWalk } from './surfree-walk.ts'

/** Turns around the clean row on circles that come nearer to it, seeing predicted classes only and estimating no gradient. */
export const surfree = defineAttack({
  id: 'surfree',
  title: 'SurFree: smallest perturbation from few predicted classes',
  reference: 'Maho, Furon and Le Merrer 2021, arXiv:2011.12807',
  access: 'labels',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['l2'],
  minimal: true,
  parameters: {
    queries: { kind: 'integer', default: 5000, min: 1, help: 'most model queries for one row' },
    frequencies: {
      kind: 'number',
      default: 0.5,
      min: 0,
      max: 1,
      help: 'share of the frequencies along each side of a picture that directions are made of, the lowest; 1: all',
    },
    angle: { kind: 'number', default: 30, min: 0.01, max: 89, help: 'first largest angle of a turn, in degrees' },
    'tries-per-direction': { kind: 'integer', default: 1, min: 1, help: 'angles tried a direction and sign' },
    halvings: { kind: 'integer', default: 1, min: 0, help: 'halvings of the angle after a turn that succeeded' },
    shrink: {
      kind: 'number',
      default: 0.02,
      min: 0,
      max: 0.9,
      help: 'share by which the largest angle shrinks where no turn succeeded, and grows back',
    },
    memory: { kind: 'integer', default: 180, min: 0, help: 'earlier directions that a new one is orthogonal to' },
    'initial-tries': { kind: 'integer', default: 100, min: 1, help: 'noise points tried for an adversarial start' },
  },
  run(context, parameters) {
    const { target, size } = context
    const space =
      target.dims.length < 3 || parameters.frequencies === 1
        ? allDirections(size)
        : lowFrequencies(target.dims, parameters.frequencies)
    const memory = Math.min(parameters.memory, Math.floor(largestMemory * space.count))
    return walkRows(context, {
      held: remembered(space, memory),
      queries: parameters.queries,
      tries: parameters['initial-tries'],
      walk: (start) =>
        surfreeWalk(start, {
          space,
          angle: (parameters.angle * Math.PI) / 180,
          tries: parameters['tries-per-direction'],
          halvings: parameters.halvings,
          shrink: parameters.shrink,
          memory,
        }),
    })
  },
})

/** Share of a space that is remembered: the rest keeps a new direction random. */
const largestMemory = 0.95
