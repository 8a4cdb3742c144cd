import { defineAttack } from '../../../threat/attack.ts'
import { distances } from '../../../threat/norm.ts'
import { descend } from './descent.ts'
import { forestOf, isBroken, type RowGoal } from './forest.ts'
import { segmentsOf } from './segments.ts'
import { climb, fromPoint } from './starts.ts'

/**
 * Reads the trees and walks over their leaf tuples, one leaf a tree, whose boxes have a point in common: from a tuple
 * that breaks the row to the neighbour, different in one leaf, that breaks it too and lies nearest, until none is nearer.
 * Ours beside the paper: then it climbs from the clean row again, feature by feature, over points nearer than what it has: where trees
 * share thresholds, no single leaf can change alone.
 */
export const leafTuple = defineAttack({
  id: 'leaf-tuple',
  title: 'Leaf tuples: the smallest change that breaks an ensemble of trees',
  reference: 'Zhang, Zhang and Hsieh 2020, arXiv:2010.11598',
  access: 'weights',
  domain: 'trees',
  norms: ['linf', 'l2', 'l1'],
  minimal: true,
  parameters: {
    restarts: {
      kind: 'integer',
      default: 20,
      min: 1,
      help: 'starts a row: the first climbs from the clean row, the others from random points and random trees',
    },
    steps: { kind: 'integer', default: 500, min: 1, help: 'most leaves changed on the way from one start' },
  },
  run: async (context, { restarts, steps }) => {
    const { x0, rows, size, norm, low, high, labels, targets, progress, random } = context
    const { model, count } = context.target.trees()
    const forest = forestOf(model, low, high)
    const segments = segmentsOf(forest)
    const best = x0.slice()
    for (let row = 0; row < rows; row++) {
      const clean = x0.subarray(row * size, (row + 1) * size)
      const goal: RowGoal = { label: labels[row]!, target: targets?.[row] }
      let shortest = Number.POSITIVE_INFINITY
      for (let restart = 0; restart < restarts && !clean.some(Number.isNaN); restart++) {
        const draw = random(row, 'start', restart)
        let start =
          restart % 2 === 1
            ? fromPoint(forest, clean, goal, draw)
            : climb(forest, segments, clean, {
                norm,
                goal,
                reach: shortest,
                steps,
                random: restart === 0 ? undefined : draw,
              })
        while (start && isBroken(forest, start, goal)) {
          const point = descend(forest, clean, norm, goal, start, steps)
          const length = distances(norm, point, clean, size)[0]!
          if (length >= shortest) break
          shortest = length
          best.set(point, row * size)
          start = climb(forest, segments, clean, { norm, goal, reach: shortest, steps, random: draw })
        }
      }
      progress((row + 1) / rows)
    }
    count(rows)
    return best
  },
})
