import { utf8 } from '../content.ts'
import type { Artefact, ScanContext } from '../context.ts'
import { limits } from '../limits.ts'

const fileAccess = /\b(?:torch|ops\.aten)\.(from_file|save|load|_save|write_file)\s{0,4}\(/g
const operators = /\bops\.(\w+)\.(\w+)/g

/** Namespaces of operators that come with PyTorch and its own libraries. */
const known = new Set(
  'aten prim prims quantized _quantized torchvision torchaudio image mkldnn mkldnn_prepacked prepacked tensorexpr xnnpack sparse rnn cuda onednn profiler inductor dynamo static_runtime nvprims torchtext'.split(
    ' ',
  ),
)

/** The code of a TorchScript archive: TorchScript is no Python, but some of its operators touch files. */
export const scanTorchScript = (artefact: Artefact, context: ScanContext): void => {
  const { content } = artefact
  if (content.size > limits.text) {
    context.unscanned(artefact, 'its code is too long to read')
    return
  }
  const text = utf8(content.read(0, content.size))
  const line = (at: number): number => text.slice(0, at).split('\n').length
  for (const match of text.matchAll(fileAccess))
    context.report(
      'torchscript-file-access',
      { artefact, line: line(match.index) },
      `it calls ${match[0].replace(/\s*\($/, '')}`,
    )
  const seen = new Set<string>()
  for (const match of text.matchAll(operators)) {
    if (known.has(match[1]!) || seen.has(match[0])) continue
    seen.add(match[0])
    context.report('torchscript-custom-operator', { artefact, line: line(match.index) }, `it calls ${match[0]}`)
  }
}
