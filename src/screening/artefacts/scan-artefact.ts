import { scanCompressed } from './archives/scan-compressed.ts'
import { scanTar } from './archives/scan-tar.ts'
import { scanZip } from './archives/scan-zip.ts'
import { partOf } from './content.ts'
import { type Artefact, partNamed, type ScanContext } from './context.ts'
import { contradicts, extensionOf, isModelExtension } from './extensions.ts'
import { scanGguf } from './formats/gguf.ts'
import { scanHdf5 } from './formats/hdf5.ts'
import { scanNpy } from './formats/npy.ts'
import { scanOnnx } from './formats/onnx.ts'
import { scanSafetensors } from './formats/safetensors.ts'
import { scanGraph, scanKerasMetadata, scanSavedModel } from './formats/saved-model.ts'
import { scanText, textKind } from './formats/text.ts'
import { scanTorchScript } from './formats/torchscript.ts'
import { limits } from './limits.ts'
import { findPickles } from './pickle/looks-like-pickle.ts'
import { scanPickle } from './pickle/scan-pickle.ts'
import { type Format, recognise, secondFormat } from './recognise.ts'

type Scanner = (artefact: Artefact, context: ScanContext) => void | Promise<void>

const unread =
  (what: string): Scanner =>
  (artefact, context) =>
    context.unscanned(artefact, `it is ${what}, which isn’t unpacked here`)

/** How each format is looked at. */
const scanners: Readonly<Record<Format, Scanner>> = {
  empty: (artefact, context) => {
    if (isModelExtension(extensionOf(artefact.name))) context.unscanned(artefact, 'it is empty')
  },
  pickle: scanPickle,
  zip: scanZip,
  tar: scanTar,
  gzip: scanCompressed('gzip'),
  zlib: scanCompressed('zlib'),
  bzip2: scanCompressed('bzip2'),
  xz: scanCompressed('xz'),
  lzma: scanCompressed('lzma'),
  lz4: scanCompressed('lz4'),
  zstandard: scanCompressed('zstandard'),
  npy: scanNpy,
  hdf5: scanHdf5,
  safetensors: scanSafetensors,
  onnx: scanOnnx,
  'saved model': scanSavedModel,
  graph: scanGraph,
  gguf: scanGguf,
  text: (artefact, context) => {
    const extension = extensionOf(artefact.name)
    if (isModelExtension(extension) && extension !== 'keras') return scanUnknown(artefact, context)
    if (artefact.within === 'torchscript') return scanTorchScript(artefact, context)
    return scanText(artefact, textKind(artefact.content, extension), context)
  },
  'native code': (artefact, context) => context.report('native-code', { artefact }, 'it is a program or a library'),
  picture: (artefact, context) => scanBytes(artefact, context),
  table: (artefact, context) => scanBytes(artefact, context),
  '7z': unread('a 7z archive'),
  rar: unread('a RAR archive'),
  unknown: (artefact, context) => scanUnknown(artefact, context),
}

/** Members of a torch archive that hold bare numbers: "archive/data/0". */
const isStorage = ({ within, trail }: Artefact): boolean =>
  (within === 'torch' || within === 'torchscript') &&
  /(?:^|\/)(?:data|constants|tensors)\/\w+$/.test(trail.at(-1) ?? '')

const kerasMetadata = 'keras_metadata.pb'

/** Looks for pickles within other data; false where there is more than was searched. */
const searchBytes = async (artefact: Artefact, context: ScanContext): Promise<boolean> => {
  const { content } = artefact
  const { places, complete } = findPickles(content, 0, limits.search, 20)
  for (const at of places) {
    context.report('pickle-hidden', { artefact, byte: at }, 'a pickle begins within other data')
    await scanPickle(partNamed(artefact, `bytes at ${at}`, partOf(content, at, content.size)), context)
  }
  return complete
}

/** A picture or a table: nothing in it is code, but a loader of models may skip to what follows or hides in it. */
const scanBytes: Scanner = async (artefact, context) => {
  await searchBytes(artefact, context)
  if (isModelExtension(extensionOf(artefact.name)))
    context.unscanned(artefact, 'its content is of no form that a model has')
}

/** Bytes of no known form: pickles are sought in them; under the name of a model they count as not inspected. */
const scanUnknown = async (artefact: Artefact, context: ScanContext): Promise<void> => {
  if (isStorage(artefact)) return
  const complete = await searchBytes(artefact, context)
  const extension = extensionOf(artefact.name)
  if (isModelExtension(extension) && artefact.name !== kerasMetadata)
    context.unscanned(artefact, `its content is of no form that a .${extension} file has`)
  else if (!complete) context.unscanned(artefact, 'it is of unknown make and too large to search whole')
}

/** Looks at an artefact by what it holds, then at whether its name agrees. */
export const scanArtefact = async (artefact: Artefact, context: ScanContext): Promise<void> => {
  if (artefact.trail.length > limits.nesting) {
    context.report('archive-nesting', { artefact }, `it lies ${artefact.trail.length} levels deep`)
    return context.unscanned(artefact, 'it lies too deep within other archives')
  }
  const format = recognise(artefact.content, isStorage(artefact))
  const extension = extensionOf(artefact.name)
  if (contradicts(extension, format) && format !== 'unknown')
    context.report('extension-mismatch', { artefact }, `it is named .${extension} and holds ${described(format)}`)
  await scanners[format](artefact, context)
  if (artefact.name === kerasMetadata) scanKerasMetadata(artefact, context)
  const second = secondFormat(artefact.content, format, isStorage(artefact))
  if (second === undefined) return
  context.report('file-polyglot', { artefact }, `it is ${described(format)} and ${described(second)} at once`)
  await scanners[second](artefact, context)
}

const described = (format: Format): string =>
  ({ pickle: 'a pickle', zip: 'a zip archive', tar: 'a tar archive', hdf5: 'an HDF5 file' })[format as string] ??
  `${format} data`
