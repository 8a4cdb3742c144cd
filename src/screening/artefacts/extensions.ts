import type { Format } from './recognise.ts'

const packed: readonly Format[] = ['gzip', 'zlib', 'bzip2', 'xz', 'lzma', 'lz4', 'zstandard']
const pickles: readonly Format[] = ['pickle', ...packed]

/** What a file of this extension may hold. Extensions that mean nothing in particular are not here. */
const expected: Readonly<Record<string, readonly Format[]>> = {
  pkl: pickles,
  pickle: pickles,
  pck: pickles,
  joblib: pickles,
  pt: ['zip', 'pickle', 'tar'],
  pth: ['zip', 'pickle', 'tar', 'text'],
  ptl: ['zip'],
  npy: ['npy'],
  npz: ['zip'],
  h5: ['hdf5'],
  hdf5: ['hdf5'],
  keras: ['zip', 'hdf5', 'text'],
  safetensors: ['safetensors'],
  onnx: ['onnx'],
  gguf: ['gguf'],
  ort: ['unknown'],
  pb: ['saved model', 'graph', 'onnx', 'unknown'],
  zip: ['zip'],
  tar: ['tar'],
  tgz: ['gzip', 'zlib'],
  gz: ['gzip', 'zlib'],
  xz: ['xz'],
  txz: ['xz'],
  lzma: ['lzma', 'xz'],
  bz2: ['bzip2'],
  tbz: ['bzip2'],
  tbz2: ['bzip2'],
  zst: ['zstandard'],
  tzst: ['zstandard'],
  lz4: ['lz4'],
  '7z': ['7z'],
  rar: ['rar'],
  json: ['text'],
  yaml: ['text'],
  yml: ['text'],
  toml: ['text'],
  ini: ['text'],
  txt: ['text', 'unknown'],
  md: ['text', 'unknown'],
  csv: ['text', 'unknown'],
  tsv: ['text', 'unknown'],
  jsonl: ['text', 'unknown'],
  py: ['text'],
  sh: ['text'],
  ipynb: ['text'],
  png: ['picture'],
  jpg: ['picture'],
  jpeg: ['picture'],
  gif: ['picture'],
  parquet: ['table'],
  arrow: ['table'],
  feather: ['table', 'unknown'],
  so: ['native code'],
  dll: ['native code'],
  exe: ['native code'],
}

/** Files that a library loads as a model: bytes of no known form in them were not inspected. */
const models = new Set([
  'pkl',
  'pickle',
  'pck',
  'joblib',
  'pt',
  'pth',
  'ptl',
  'npy',
  'npz',
  'h5',
  'hdf5',
  'keras',
  'safetensors',
  'onnx',
  'gguf',
  'pb',
])

export const extensionOf = (name: string): string => {
  const at = name.lastIndexOf('.')
  return at < 0 ? '' : name.slice(at + 1).toLowerCase()
}

/** Whether content and extension contradict each other. Empty files contradict nothing. */
export const contradicts = (extension: string, format: Format): boolean =>
  format !== 'empty' && Object.hasOwn(expected, extension) && !expected[extension]!.includes(format)

export const isModelExtension = (extension: string): boolean => models.has(extension)
