import { parseDocument } from 'yaml'
import type { TriedFeeding } from './feeding.ts'

/** Sets model.preprocessing in a configuration, and keeps its comments. */
export const withPreprocessing = (text: string, { mean, std, title, accuracy }: TriedFeeding): string => {
  if (!mean || !std) return text
  const document = parseDocument(text)
  const value = document.createNode({ mean: [...mean], std: [...std] }, { flow: true })
  value.comment = ` accuracy ${accuracy.toFixed(3)} with ${title}, better than without`
  document.setIn(['model', 'preprocessing'], value)
  return document.toString({ lineWidth: 0 })
}
