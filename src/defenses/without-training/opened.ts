import type { Classifier } from '../../models/classifier.ts'
import type { DefenseContext } from '../../threat/defense.ts'

/** The context's model for as long as `use` takes. */
export const withOpened = async <T>(
  { open, source }: DefenseContext,
  use: (model: Classifier) => T | Promise<T>,
): Promise<T> => {
  const model = await open(source)
  try {
    return await use(model)
  } finally {
    await model.release()
  }
}
