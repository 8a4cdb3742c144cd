import type { BackdoorResult, ClassProbe, Figure, GateConfig, TriggerKind } from '../../../contract/index.ts'
import { findBackdoor, type Trigger, type TriggerSpace, triggerSpace } from '../../../defenses/backdoor/index.ts'
import type { Classifier } from '../../../models/classifier.ts'
import type { Picture } from '../../report/index.ts'
import type { Claim, ClassAssessment, ClassContext, ClassMeasured, ClassOutcome } from '../class-assessment.ts'
import { sampledRows } from '../sampled-rows.ts'
import { backdoorFindings, type ProbedBackdoor } from './findings.ts'
import { triggerPicture } from './pictures.ts'
import { measureStrip } from './strip.ts'

/** Enough for ten classes to be told apart; more rows and steps make smaller triggers of every class alike. */
const settings = { rows: 512, steps: 200, batch: 32 } as const
/** Pictures in the report; of more classes, those with the smallest triggers. */
const mostPictures = 20

const methods: readonly { readonly id: string; readonly attack: string; readonly kind: TriggerKind }[] = [
  { id: 'backdoor-patch', attack: 'neural-cleanse', kind: 'patch' },
  { id: 'backdoor-blend', attack: 'blended-inversion', kind: 'blend' },
]

type BackdoorProbe = Extract<ClassProbe, { readonly class: 'backdoor' }>

interface Rows {
  readonly x: Float32Array
  readonly labels: Int32Array
}

/** A finished probe, as the run's folder keeps it. */
interface Kept {
  readonly result: BackdoorResult
  readonly triggers: readonly {
    readonly class: number
    readonly mask?: readonly number[]
    readonly pattern: readonly number[]
  }[]
  readonly seconds: number
}

/** Looks for a trigger in the model: a patch by Neural Cleanse, and a pattern that is blended in. */
export const backdoor: ClassAssessment = {
  class: 'backdoor',
  async run(context) {
    const { subject, data, reproduce, named } = context
    const reason = whyNot(context)
    const model = subject.file
    if (reason !== undefined || !model) return notRun(reason ?? '')
    const rows = await sampledRows(subject.set, settings.rows, context.seed)
    const [low, high] = subject.input.range
    const space = triggerSpace(model.input.dims, low, high)
    const pictures = new Map<string, Picture>()
    const done: (ProbedBackdoor & { readonly attack: string; readonly seconds: number })[] = []
    for (const [at, method] of methods.entries()) {
      const kept = await probed(method, { context, model, rows, space, share: (part) => (at + part) / methods.length })
      done.push({ ...method, ...drawn(kept, method, { context, space, pictures }), seconds: kept.seconds })
    }
    return {
      probes: done.map((one) => probeOf(one, reproduce)),
      findings: backdoorFindings(done, { data, model: named(model.path), reproduce }),
      claims: done.flatMap(claimsOf),
      pictures,
      seconds: Object.fromEntries(done.map(({ id, seconds }) => [id, seconds])),
      measure: (gate) => measured(gate, done),
    }
  },
}

/** Why no trigger can be searched. */
const whyNot = ({ subject: { task, file, set }, model }: ClassContext): string | undefined => {
  if (!file) return 'it follows the gradients of a file of the model, and this one is behind an API'
  if (task && task.kind !== 'classification') return 'it is for models that predict one of several classes'
  if (!file.differentiable.ok) return `it follows gradients: ${file.differentiable.reason}`
  if (file.input.dims.length === 1)
    return `it looks for patches and patterns on pictures, and rows are [${file.input.dims}]: columns of a table differ in unit and range, so that the size of a trigger says nothing`
  if (!set.hasLabels) return 'it needs labels'
  return model.differentiable ? undefined : 'it follows gradients, and the model has none'
}

const notRun = (reason: string): ClassOutcome => ({
  probes: methods.map(({ id, attack }) => ({
    id,
    class: 'backdoor',
    attack,
    params: {},
    status: 'not run',
    reason,
    flags: [],
  })),
  findings: [],
  claims: [],
  pictures: new Map(),
  seconds: {},
  measure: ({ metric }) => (metric === 'backdoors' ? { measured: null, reason } : undefined),
})

interface ProbeRequest {
  readonly context: ClassContext
  readonly model: Classifier
  readonly rows: Rows
  readonly space: TriggerSpace
  /** Share of the whole class that is done, from that of this probe. */
  share(part: number): number
}

const probed = async (
  { id, attack, kind }: (typeof methods)[number],
  { context, model, rows, space, share }: ProbeRequest,
): Promise<Kept> => {
  const { store, seed, progress } = context
  const kept = await store.load<Kept>(id)
  if (kept) return kept
  const began = performance.now()
  const { result, triggers } = await findBackdoor({
    ...{ model, space, kind, ...rows, seed },
    steps: settings.steps,
    batch: settings.batch,
    progress: (part) => progress.update(share(part), attack),
  })
  const { target } = result
  const strip =
    target === null
      ? undefined
      : await measureStrip({ model, space, ...rows, target, trigger: triggers.get(target)!, seed })
  const smallest = [...result.classes].sort((a, b) => a.l1 - b.l1).slice(0, mostPictures)
  const shown = new Set(smallest.map((one) => one.class))
  const made: Kept = {
    result: { ...result, ...(strip && { strip }) },
    triggers: [...triggers].flatMap(([label, { mask, pattern }]) =>
      shown.has(label) ? [{ class: label, ...(mask && { mask: [...mask] }), pattern: [...pattern] }] : [],
    ),
    seconds: (performance.now() - began) / 1000,
  }
  await store.save(id, made)
  return made
}

/** Draws the triggers, and names the pictures in the result. */
const drawn = (
  { result, triggers }: Kept,
  { id, kind }: (typeof methods)[number],
  { context, space, pictures }: { context: ClassContext; space: TriggerSpace; pictures: Map<string, Picture> },
): { readonly result: BackdoorResult } => {
  const names = new Map<number, string>()
  for (const one of triggers) {
    const trigger: Trigger = {
      kind,
      pattern: Float32Array.from(one.pattern),
      ...(one.mask && { mask: Float32Array.from(one.mask) }),
    }
    const picture = triggerPicture(trigger, space, context.subject.input)
    if (!picture) continue
    names.set(one.class, `${id}/${one.class}`)
    pictures.set(`${id}/${one.class}`, picture)
  }
  const classes = result.classes.map((one) => {
    const picture = names.get(one.class)
    return picture === undefined ? one : { ...one, picture }
  })
  return { result: { ...result, classes, trigger: classes.find((one) => one.class === result.target) ?? null } }
}

const statuses = { backdoored: 'failed', clean: 'passed', 'cannot tell': 'measured' } as const

const paramsOf = ({ rows }: BackdoorResult) => ({ rows, steps: settings.steps, batch: settings.batch })

const probeOf = (
  { id, attack, result }: ProbedBackdoor & { readonly attack: string },
  reproduce: string,
): BackdoorProbe => ({
  ...{ id, class: 'backdoor', attack, params: paramsOf(result), reproduce, result, flags: [] },
  status: statuses[result.verdict],
})

/** The success of the target's trigger; of the smallest one where no class stands out. */
const claimsOf = ({ id, attack, result }: ProbedBackdoor & { readonly attack: string }): readonly Claim[] => {
  const bySize = [...result.classes].sort((a, b) => a.l1 - b.l1)
  const shown = result.trigger ?? bySize[0]
  if (!shown) return []
  const { verdict, target, anomalyIndex, reason } = result
  const { picture: _, success, ...trigger } = shown
  const value: Figure = success
  return [
    {
      probe: id,
      claim: 'backdoorSuccess',
      value,
      method: attack,
      params: paramsOf(result),
      details: { verdict, target, anomalyIndex, reason, trigger },
    },
  ]
}

/** How many target classes were found. What could not be told counts as not measured: it is no pass. */
const measured = ({ metric }: GateConfig, done: readonly ProbedBackdoor[]): ClassMeasured | undefined => {
  if (metric !== 'backdoors') return undefined
  const found = done.filter(({ result }) => result.verdict === 'backdoored')
  const unclear = done.find(({ result }) => result.verdict === 'cannot tell')
  if (found.length === 0 && unclear) return { measured: null, probe: unclear.id, reason: unclear.result.reason }
  return { measured: new Set(found.map(({ result }) => result.target)).size, probe: (found[0] ?? done[0])!.id }
}
