import { basename } from 'node:path'
import { invertTriggers } from '../src/defenses/backdoor/invert.ts'
import { judgeTriggers } from '../src/defenses/backdoor/judge.ts'
import { countOf } from '../src/defenses/backdoor/towards.ts'
import { l1Of, l2Of, triggerSpace, withTrigger } from '../src/defenses/backdoor/trigger.ts'
import { openClassifier } from '../src/models/classifier.ts'
import { figure } from '../src/stats/index.ts'
import { gatherRows, rowsWhere } from '../src/threat/rows.ts'
import { rowsOf } from './backdoor-models.ts'

/**
 * The search for triggers on models of 28 by 28 pixels: `npx tsx bench/backdoors.ts IMAGES MODEL...`, IMAGES in the
 * format of MNIST with labels beside them. Searched on rows 0 to 255, judged on rows 256 to 511. Prints the smallest
 * trigger of each kind, how many times smaller than the median it is, the verdict and processor seconds.
 */
const [images, ...paths] = process.argv.slice(2)
if (images === undefined) throw new Error('name the images')
const [searched, judged] = [await rowsOf(images, 0, 256), await rowsOf(images, 256, 256)]

for (const path of paths) {
  const model = await openClassifier(path)
  const space = triggerSpace(model.input.dims, 0, 1)
  for (const kind of ['patch', 'blend'] as const) {
    const before = process.cpuUsage()
    const classes = Array.from({ length: model.classes }, (_, label) => label)
    const found = await invertTriggers({ model, space, kind, ...searched, classes, steps: 200, batch: 32, seed: 0 })
    const sizes = []
    for (const [label, trigger] of found) {
      const rows = rowsWhere(judged.labels.length, (row) => judged.labels[row] !== label)
      const turned = await countOf(model, withTrigger(trigger, gatherRows(judged.x, rows, model.size), space), label)
      const size = kind === 'patch' ? l1Of(trigger, space) : l2Of(trigger, space)
      sizes.push({ class: label, size, success: figure(turned, rows.length) })
    }
    const { user, system } = process.cpuUsage(before)
    const { verdict, target, reason } = judgeTriggers({ kind, sizes, pixels: 784, distance: 10 })
    const seconds = ((user + system) / 1e6).toFixed(1)
    process.stdout.write(`${basename(path)} ${kind}: ${verdict} ${target ?? ''} (${seconds} s)\n  ${reason}\n`)
  }
  await model.release()
}
