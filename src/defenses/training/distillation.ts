import { BartizanError } from '../../base/errors.ts'
import { type DefenseContext, defineDefense, type Hardened } from '../../threat/defense.ts'
import { standard } from '../../training/objective.ts'
import { recipeParameters } from '../../training/recipe.ts'
import { fit, type Recipe } from './fit.ts'
import { softCrossEntropy, softLabels, tempered } from './tempered.ts'

/** A student learns a teacher's probabilities, both at a high temperature; it is deployed at temperature 1. */
export const distillation = defineDefense({
  id: 'distillation',
  title: 'Defensive distillation',
  reference: 'Papernot et al. 2016, arXiv:1511.04508',
  holds:
    'Does not stop an adaptive attacker: Carlini and Wagner 2017 (arXiv:1608.04644) break it on every row with an attack ' +
    "on the logits. The student's logits are so far apart that its softmax has no gradient left in float32, which only " +
    'stops attacks that follow the gradient of the softmax: gradient masking, not robustness.',
  parameters: {
    ...recipeParameters,
    // Gradients are T times smaller at first and as many times larger in the end: Adam's steps don't depend on that.
    optimiser: { ...recipeParameters.optimiser, default: 'adam' },
    'learning-rate': { ...recipeParameters['learning-rate'], default: 0.001 },
    temperature: { kind: 'number', default: 20, min: 1, help: 'T: logits are divided by it in training' },
    teacher: {
      kind: 'choice',
      default: 'retrained',
      choices: ['retrained', 'as-is'],
      help: 'retrained: the model is first trained at T, by the same recipe; as-is: the model of the file teaches',
    },
  },
  async run(context, parameters) {
    const { temperature, teacher } = parameters
    if (teacher === 'as-is' && parameters.from === 'weights')
      throw new BartizanError('USAGE', 'a student that starts as its teacher has nothing to learn from it', {
        hint: 'let the student start from scratch (--set from=scratch), or the teacher be retrained',
      })
    if (teacher === 'as-is') {
      const learnt = await student(context, parameters, temperature)
      return { ...learnt, notes: [...learnt.notes, notDefensive] }
    }
    const taught = await retrained(context, parameters, temperature)
    const { reason, detail } = taught.stopped!
    if (reason === 'diverged')
      return { ...taught, model: context.source, stopped: { reason, detail: `the teacher: ${detail}` } }
    const { epochs } = parameters
    const second: DefenseContext = {
      ...context,
      progress: (done) =>
        context.progress('epoch' in done ? { ...done, epoch: done.epoch + epochs, epochs: 2 * epochs } : done),
    }
    const learnt = await student(second, parameters, temperature, taught)
    const best = taught.epochs.findLast((epoch) => epoch.best)
    const accuracy = best && (best.validation?.accuracy ?? best.accuracy)
    return {
      ...learnt,
      notes: [
        ...learnt.notes,
        ...(best ? [`The teacher's accuracy is ${(100 * accuracy!).toFixed(1)} % (epoch ${best.epoch}).`] : []),
      ],
    }
  },
})

const notDefensive =
  'The teacher was taken as it is. Unless it was trained at the temperature, the student has logits of the usual size, ' +
  'and this is distillation without the defence.'

/** The model trained on labels at the temperature, so that its logits grow with it. */
const retrained = (context: DefenseContext, parameters: Recipe, temperature: number): Promise<Hardened> => {
  const { checkpoint, progress } = context
  return fit(
    {
      ...context,
      // A run of its own: a checkpoint continues one run only.
      checkpoint: checkpoint && { ...checkpoint, path: `${checkpoint.path}.teacher` },
      progress: (done) => progress('epoch' in done ? { ...done, epochs: 2 * parameters.epochs } : done),
    },
    parameters,
    tempered(standard(parameters['label-smoothing']), temperature),
    { chooseBy: 'accuracy' },
  )
}

/** Trained on the soft labels of a teacher: the retrained one, or the model as it is. */
const student = async (
  context: DefenseContext,
  parameters: Recipe,
  temperature: number,
  taught?: Hardened,
): Promise<Hardened> => {
  const teacher = await context.open(taught?.model ?? context.source)
  try {
    const objective = softCrossEntropy(teacher.classes, (rows) => softLabels(teacher, rows, temperature))
    return await fit(
      context,
      parameters,
      { ...tempered(objective, temperature), key: `distillation at ${temperature}${taught ? '' : ' as it is'}` },
      { chooseBy: 'accuracy' },
    )
  } finally {
    await teacher.release()
  }
}
