import type { TaskKind } from '../contract/task.ts'

/**
 * What an attack can be run on: rows of any kind, images [channels, height, width], those with colours, flat rows, or
 * ensembles of trees.
 */
export type Domain = 'any' | 'images' | 'colour images' | 'tables' | 'trees'

/** Why rows of this shape are not of the domain; undefined where they are. Whether a model is made of trees shows elsewhere. */
export const misfit = (domain: Domain, dims: readonly number[]): string | undefined => {
  const shape = `rows are [${dims}]`
  if (domain === 'images' && !(dims.length === 3 && (dims[0] === 1 || dims[0] === 3)))
    return `it works on images [channels, height, width] with 1 or 3 channels, and ${shape}`
  if (domain === 'colour images' && !(dims.length === 3 && dims[0] === 3))
    return `it works on colour images [3, height, width], and ${shape}`
  if ((domain === 'tables' || domain === 'trees') && dims.length !== 1) return `it works on tables, and ${shape}`
  return undefined
}

const predictions: Readonly<Record<TaskKind, string>> = {
  classification: 'one of several classes',
  regression: 'numbers',
  'multi-label': 'labels that each hold or not',
}

/** Why an attack made for models of `tasks` (classifiers, where it doesn't say) does nothing on others. */
export const taskMisfit = (tasks: readonly TaskKind[] = ['classification'], task: TaskKind): string | undefined =>
  tasks.includes(task)
    ? undefined
    : `it works on models that predict ${tasks.map((kind) => predictions[kind]).join(' or ')}, and this one predicts ${predictions[task]}`
