import { BartizanError } from '../base/errors.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import { type Classifier, type ClassifierOptions, openClassifier } from '../models/classifier.ts'

/**
 * Opens models of the attacker's own, which take the same rows as the model and know the same classes. Throws
 * MODEL_UNSUPPORTED where one doesn't, GRAPH_OP_UNSUPPORTED where one has no gradients to make rows with; what was opened
 * by then is released.
 */
export const openSurrogates = async (
  paths: readonly string[],
  model: AttackedModel,
  options: ClassifierOptions,
): Promise<readonly Classifier[]> => {
  const opened: Classifier[] = []
  try {
    for (const path of paths) {
      const surrogate = await openClassifier(path, { ...options, shape: model.input.dims })
      opened.push(surrogate)
      requireAlike(surrogate, model)
      requireGradients(surrogate)
    }
    return opened
  } catch (error) {
    for (const surrogate of opened) await surrogate.release()
    throw error
  }
}

const requireAlike = (surrogate: Classifier, { size, input, classes }: AttackedModel): void => {
  if (surrogate.size === size && surrogate.classes === classes) return
  const takes = ({ input, classes }: Pick<Classifier, 'input' | 'classes'>): string =>
    `rows of [${input.dims}] and knows ${classes} classes`
  throw new BartizanError(
    'MODEL_UNSUPPORTED',
    `the surrogate ${surrogate.path} takes ${takes(surrogate)}; the model takes ${takes({ input, classes })}`,
    { hint: 'a surrogate must take the same rows and know the same classes, in the same order' },
  )
}

const requireGradients = ({ path, differentiable }: Classifier): void => {
  if (!differentiable.ok)
    throw new BartizanError(
      'GRAPH_OP_UNSUPPORTED',
      `the surrogate ${path} has no gradients: ${differentiable.reason}`,
      {
        hint: 'rows are made with the gradients of surrogates: choose one that has them',
      },
    )
}
