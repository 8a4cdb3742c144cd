import { deflateSync, gzipSync } from 'node:zlib'
import { tar, zip } from './archives.ts'
import { functional, keras, oldKeras } from './benign-keras.ts'
import { type BenignSample, benignPickles, reduced, stateDict } from './benign-pickles.ts'
import { bytes, u32, u64, utf8 } from './bytes.ts'
import { gguf, hdf5, npy, onnx, onnxNode, safetensors, savedModel, tfNode } from './formats.ts'
import { joblibArray, joblibObjects } from './joblib.ts'
import { dict, instance, p, pickle } from './pickle.ts'

/** Numbers whose first bytes look like other formats: raw storages are full of those. */
const trickyNumbers = [
  bytes(0x80, 2, 0x28, new Uint8Array(13)),
  bytes(0x78, 0x9c, new Uint8Array(14)),
  bytes('MZ', new Uint8Array(62)),
  bytes('BZh9', new Uint8Array(12)),
  bytes(0x5d, 0, 0, new Uint8Array(13)),
  bytes('(]}', new Uint8Array(13)),
]

const torch = (more: readonly { readonly name: string; readonly data: Uint8Array }[] = []): Uint8Array =>
  zip([
    { name: 'archive/data.pkl', data: stateDict },
    { name: 'archive/byteorder', data: utf8('little') },
    { name: 'archive/data/0', data: new Uint8Array(16) },
    { name: 'archive/version', data: utf8('3\n') },
    ...more,
  ])

const template =
  "{% for m in messages %}{% if m['role'] == 'user' %}[INST] {{ m['content'] | trim }} [/INST]{% else %}{{ m.content }}{% endif %}{% endfor %}{{ raise_exception('x') if not messages }}"

/** Files as the usual tools write them. */
export const benignFiles: readonly BenignSample[] = [
  ...benignPickles,
  {
    what: 'a tensor within a pickle',
    file: 'm.pkl',
    data: pickle(reduced('torch.storage', '_load_from_bytes', p.longBytes(torch()))),
  },
  { what: 'joblib with a raw array', file: 'm.joblib', data: joblibArray(instance('sklearn.svm._classes', 'SVC')) },
  {
    what: 'joblib with raw bytes that look like code',
    file: 'm.joblib',
    data: joblibArray(p.none, utf8('cos\nsystem\n(tR..')),
  },
  { what: 'joblib with an array of texts', file: 'm.joblib', data: joblibObjects(pickle(p.emptyList)) },
  {
    what: 'joblib with an array of objects that have classes',
    file: 'm.joblib',
    data: joblibObjects(pickle(instance('sklearn.svm._classes', 'SVC'))),
  },
  { what: 'a list of names that begins like INST', file: 'top_level.txt', data: utf8('isympy\nsympy\n') },
  { what: 'joblib, zlib', file: 'm.joblib', data: deflateSync(joblibArray(p.none)) },
  { what: 'joblib, gzip', file: 'm.joblib.gz', data: gzipSync(joblibArray(p.none)) },
  { what: 'a state of torch', file: 'm.pt', data: torch() },
  { what: 'a state of torch', file: 'pytorch_model.bin', data: torch() },
  ...trickyNumbers.map((data, i) => ({
    what: `torch with storage ${i} that looks like something else`,
    file: 'm.pth',
    data: torch([{ name: `archive/data/${i + 1}`, data }]),
  })),
  {
    what: 'TorchScript',
    file: 'm.pt',
    data: zip([
      {
        name: 'm/data.pkl',
        data: bytes(
          p.proto(2),
          p.global('__torch__.torch.nn.modules.linear', 'Linear'),
          p.emptyTuple,
          p.newobj,
          p.emptyDict,
          p.build,
          p.stop,
        ),
      },
      { name: 'm/constants.pkl', data: bytes(p.proto(2), p.emptyTuple, p.stop) },
      {
        name: 'm/code/__torch__/net.py',
        data: utf8(
          'class Net(Module):\n  def forward(self, x: Tensor) -> Tensor:\n    return torch.relu(ops.prim.data(x))\n',
        ),
      },
    ]),
  },
  {
    what: 'the old format of torch',
    file: 'm.pth',
    data: bytes(
      0x80,
      2,
      0x8a,
      10,
      0x6c,
      0xfc,
      0x9c,
      0x46,
      0xf9,
      0x20,
      0x6a,
      0xa8,
      0x50,
      0x19,
      p.stop,
      pickle(p.longInt(1001)),
      pickle(dict({ little_endian: bytes(0x88) })),
      stateDict,
      pickle(p.emptyList),
      u64(4),
      new Uint8Array(16),
    ),
  },
  { what: 'numbers', file: 'x.npy', data: npy("'<f8'", '(2, 3)', new Uint8Array(48)) },
  {
    what: 'a record of numbers',
    file: 'x.npy',
    data: npy("[('a', '<f8'), ('b', '<U10')]", '(1,)', new Uint8Array(48)),
  },
  {
    what: 'numbers',
    file: 'x.npz',
    data: zip([
      { name: 'x.npy', data: npy("'<f4'", '(4,)', new Uint8Array(16)) },
      { name: 'y.npy', data: npy("'|u1'", '(100000,)', new Uint8Array(100_000)), deflate: true },
    ]),
  },
  { what: 'Keras 3', file: 'm.keras', data: keras(functional) },
  { what: 'Keras 2 in HDF5', file: 'm.h5', data: hdf5(oldKeras) },
  { what: 'weights only', file: 'w.h5', data: hdf5('dense/kernel:0') },
  {
    what: 'safetensors',
    file: 'm.safetensors',
    data: safetensors(
      {
        __metadata__: { format: 'pt' },
        a: { dtype: 'F16', shape: [2, 2], data_offsets: [0, 8] },
        b: { dtype: 'BF16', shape: [0], data_offsets: [8, 8] },
        c: { dtype: 'I64', shape: [], data_offsets: [8, 16] },
      },
      16,
    ),
  },
  {
    what: 'onnx',
    file: 'm.onnx',
    data: onnx({
      nodes: [
        onnxNode('Conv'),
        onnxNode('TreeEnsembleClassifier', 'ai.onnx.ml'),
        onnxNode('FusedMatMul', 'com.microsoft'),
      ],
      metadata: { author: 'someone' },
    }),
  },
  {
    what: 'SavedModel',
    file: 'saved_model.pb',
    data: savedModel(
      [
        tfNode('x', 'Placeholder'),
        tfNode('r', 'RestoreV2'),
        tfNode('s', 'SaveV2'),
        tfNode('p', 'PrintV2', { output_stream: 'stderr' }),
      ],
      [tfNode('m', 'MatMul')],
    ),
  },
  { what: 'gguf', file: 'm.gguf', data: gguf({ 'general.name': 'a model', 'tokenizer.chat_template': template }) },
  {
    what: 'a tokenizer',
    file: 'tokenizer_config.json',
    data: utf8(JSON.stringify({ chat_template: template, model_max_length: 4096 })),
  },
  {
    what: 'a configuration',
    file: 'config.json',
    data: utf8(JSON.stringify({ architectures: ['BertModel'], trust_remote_code: false, hidden_size: 8 })),
  },
  { what: 'YAML', file: 'params.yaml', data: utf8('lr: 0.1\ntags: !!python/tuple [a, b]\n') },
  { what: 'a data set', file: 'rows.csv', data: utf8('code,name\n1,csv\n2,(x)\n') },
  { what: 'a column that begins like an import', file: 'words.txt', data: utf8('cat\ndog\nfish\n') },
  { what: 'a model card', file: 'README.md', data: utf8('# A model\n\nUse `import os` with care.\n') },
  {
    what: 'a tar archive',
    file: 'm.tar.gz',
    data: gzipSync(
      tar([
        { name: 'm', type: '5' },
        { name: 'm/x.npy', data: npy("'<f8'", '(2,)', new Uint8Array(16)) },
      ]),
    ),
  },
  {
    what: 'raw weights',
    file: 'weights.bin',
    data: bytes(...Array.from({ length: 500 }, (_, i) => u32((i * 2654435761) >>> 0))),
  },
]
