import { poisonAttacks } from '../../../attacks/poisoning/index.ts'
import { argmaxRows } from '../../../base/argmax.ts'
import { poisonScreens } from '../../../screening/poison/index.ts'
import { targetOf } from '../../../threat/target.ts'
import type { ClassAssessment, ClassOutcome } from '../class-assessment.ts'
import { openCopies, resolveRecipe } from './copies.ts'
import { measureCurves } from './curves.ts'
import { measurePoisoning } from './judging.ts'
import { type PoisoningMethods, planPoisoning } from './plan.ts'
import type { PointRequest } from './point.ts'
import { openPoisoningRows } from './rows.ts'
import { openScreening } from './screening.ts'
import { judged, tell } from './tell.ts'

/** How accuracy and the attacker's success grow with the share of poisoned training rows, by copies that are trained. */
export const poisoningBy = (methods: PoisoningMethods): ClassAssessment => ({
  class: 'poisoning',
  async run(context) {
    const { subject, config, seed } = context
    const { file, task } = subject
    const predictsClasses = task === undefined || task.kind === 'classification'
    const why = !config.training
      ? 'it needs the rows that the model was trained on: give training.data, or --training-data'
      : !file
        ? 'copies are trained from a file of the model, and this one is behind an API'
        : !predictsClasses
          ? 'it is for models that predict one of several classes'
          : undefined
    if (why !== undefined || !file || !config.training) return notRun('poisoning', why ?? '')
    const plan = planPoisoning(config.poisoning, { dims: file.input.dims, classes: file.classes }, methods)
    const rows = await openPoisoningRows(config.training, config.poisoning, { ...subject, model: file, file }, seed)
    const recipe = resolveRecipe(config.training.params, config.poisoning?.epochs)
    const [low, high] = subject.input.range
    const copies = openCopies({
      model: file,
      output: config.model.output,
      recipe,
      low,
      high,
      seed,
      store: context.store,
    })
    const beat = { done: 0, detail: 'training copies' }
    const alive = (): void => context.progress.update(beat.done, beat.detail)
    const screening = openScreening({
      copies,
      classes: file.classes,
      falseDiscoveryRate: plan.falseDiscoveryRate,
      seed,
      alive,
    })
    const request: PointRequest = { rows, plan, subject: { ...subject, model: file, file }, seed, copies, screening }
    const curves = await measureCurves(request, context, recipe, beat)
    const original = await accuracyOf(request)
    const told = curves.map((curve) => tell(curve, request, { context, recipe, original }))
    await copies.clear()
    const results = told.flatMap(({ result }) => result ?? [])
    const measure: ClassOutcome['measure'] = (gate) => measurePoisoning(gate, results)
    return {
      probes: told.map(({ probe }) => judged(probe, context, measure)),
      findings: told.flatMap(({ finding }) => finding ?? []),
      claims: told.flatMap(({ claims }) => claims),
      pictures: new Map(),
      seconds: Object.fromEntries(told.map(({ probe, seconds }) => [probe.id, seconds])),
      measure,
    }
  },
})

/** What to do without rows of training, an endpoint's model, a regression. */
const notRun = (attack: string, reason: string): ClassOutcome => ({
  probes: [{ id: 'poisoning', class: 'poisoning', attack, params: {}, status: 'not run', reason, flags: [] }],
  findings: [],
  claims: [],
  pictures: new Map(),
  seconds: {},
  measure: (gate) => measurePoisoning(gate, []),
})

const accuracyOf = async ({ subject, rows: { judged } }: PointRequest): Promise<number> => {
  const model = subject.file!
  const predicted = argmaxRows(await targetOf(model, 'scores').logits(judged.x, judged.labels.length), model.classes)
  return predicted.filter((label, row) => label === judged.labels[row]).length / judged.labels.length
}

/** By every attack and every screen that there is. */
export const poisoning: ClassAssessment = poisoningBy({
  attacks: poisonAttacks,
  screens: poisonScreens,
})
