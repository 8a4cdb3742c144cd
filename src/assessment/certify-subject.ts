import type { CertifiedTrees } from '../contract/index.ts'
import type { threatNorms } from './battery.ts'
import { certifiedTrees } from './certified-trees.ts'
import type { Progress } from './progress.ts'
import type { Subject } from './subject.ts'

/** What can be proved of the model, where it is made of trees. */
export const certify = async (
  subject: Subject,
  norms: ReturnType<typeof threatNorms>,
  progress: Progress,
): Promise<readonly CertifiedTrees[]> => {
  // Units of their own, feature by feature, measure budgets otherwise than the proof does.
  if (subject.units || !subject.model.trees?.().ok) return []
  progress.start('certified distances')
  const certified = await certifiedTrees(subject, norms, (done) => progress.update(done))
  progress.end(certified.map(({ norm, median }) => `${norm} median ${median.toPrecision(3)}`).join(', ') || 'none')
  return certified
}
