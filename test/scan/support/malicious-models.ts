import { deflateSync, gzipSync } from 'node:zlib'
import { tar, zip } from './archives.ts'
import { bytes, utf8 } from './bytes.ts'
import {
  externalTensor,
  gguf,
  hdf5,
  kerasLayer,
  kerasModel,
  message,
  npy,
  onnx,
  onnxNode,
  safetensors,
  savedModel,
  tfNode,
} from './formats.ts'
import { p, pickle } from './pickle.ts'
import { evilPickle, listed, type Sample } from './sample.ts'

const harmless = pickle(p.emptyDict)
const evilMember = { name: 'archive/data.pkl', data: evilPickle }
const version = { name: 'archive/version', data: utf8('3\n') }
const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value))
const keras = (config: string): Uint8Array =>
  zip([
    { name: 'metadata.json', data: json({ keras_version: '3.3.3' }) },
    { name: 'config.json', data: utf8(config) },
  ])
const lambda = kerasLayer('Lambda', {
  function: ['4wEAAAAAAAAAAAAAAAAAAAABAAAAAgAAAEMAAABzCAAAAHwAZAEUAFMA', null, null],
  name: 'l',
})
const named = (className: string, module: string, config: unknown = {}) =>
  kerasModel(kerasLayer(className, config, module))

const torch: readonly Sample[] = [
  ['data.pkl in a torch archive', zip([evilMember, version])],
  ['the same, deflated', zip([{ ...evilMember, deflate: true }, version])],
  ['marked as encrypted', zip([{ ...evilMember, flags: 1 }, version])],
  ['a wrong checksum', zip([{ ...evilMember, crc: 1 }, version])],
  ['another name in the member’s own header', zip([{ ...evilMember, localName: 'archive/data/0' }, version])],
  [
    'the name of a tensor',
    zip([
      { name: 'archive/data.pkl', data: harmless },
      { name: 'archive/data/0', data: evilPickle },
    ]),
  ],
  [
    'a name of its own',
    zip([
      { name: 'archive/data.pkl', data: harmless },
      { name: 'archive/extra.bin', data: evilPickle },
    ]),
  ],
  ['a size of zero in the directory', zip([{ ...evilMember, declaredSize: 0, declaredPackedSize: 0 }, version])],
  ['bytes before the archive', zip([evilMember, version], new Uint8Array(100).fill(0x20))],
  [
    'a member that the directory hides',
    zip([
      { name: 'archive/data.pkl', data: harmless },
      { ...evilMember, hidden: true },
    ]),
  ],
  ['a pickle before the archive', zip([{ name: 'archive/data.pkl', data: harmless }], evilPickle)],
  ['no directory at all', zip([evilMember, version]).subarray(0, 120)],
  [
    'TorchScript’s constants',
    zip([
      { name: 'm/data.pkl', data: harmless },
      { name: 'm/constants.pkl', data: evilPickle },
      { name: 'm/code/a.py', data: utf8('x = 1') },
    ]),
  ],
  ['an archive in the archive', zip([{ name: 'inner.pt', data: zip([evilMember]) }])],
  [
    'the tar files of old',
    tar([
      { name: 'sys_info', data: harmless },
      { name: 'pickle', data: evilPickle },
      { name: 'tensors', data: harmless },
      { name: 'storages', data: harmless },
    ]),
  ],
].map(([what, data]) => ({
  what: `torch: ${what}`,
  file: 'm.pt',
  data: data as Uint8Array,
  rule: 'pickle-dangerous-import',
}))

/** Models, arrays and configurations other than bare pickles that run code, reach files, or mislead scanners. */
export const maliciousModels: readonly Sample[] = [
  ...torch,
  ...listed('pickle-dangerous-import', 'm.joblib', [
    ['joblib: compressed with zlib', deflateSync(evilPickle)],
    ['joblib: compressed with gzip', gzipSync(evilPickle)],
    [
      'joblib: gzip cut off behind the code',
      gzipSync(
        bytes(
          evilPickle,
          new Uint8Array(50_000).map((_, i) => (i * 7919) % 251),
        ),
      ).subarray(0, -30),
    ],
  ]),
  ...listed('pickle-dangerous-import', 'x.npy', [
    ['npy: an array of objects', npy("'|O'", '(1,)', evilPickle)],
    ['npy: a record with an object', npy("[('a', '<f8'), ('b', '|O')]", '(1,)', evilPickle)],
    ['npy: a pickle behind the numbers', bytes(npy("'<f8'", '(2,)', new Uint8Array(16)), evilPickle)],
  ]),
  ...listed('pickle-dangerous-import', 'x.npz', [
    ['npz: an array of objects', zip([{ name: 'a.npy', data: npy("'|O'", '(1,)', evilPickle) }])],
    ['npz: deflated', zip([{ name: 'a.npy', data: npy("'|O'", '(1,)', evilPickle), deflate: true }])],
    ['npz: a member that is a pickle', zip([{ name: 'a.npy', data: evilPickle }])],
  ]),
  ...listed('keras-lambda', 'm.keras', [
    ['keras: a Lambda layer', keras(kerasModel(lambda))],
    [
      'keras: a lambda of Keras 3',
      keras(
        kerasModel(
          kerasLayer(
            'Dense',
            { activation: { class_name: '__lambda__', config: { code: '4wEAAAAA' } } },
            'keras.layers',
          ),
        ),
      ),
    ],
    [
      'keras: a Lambda within a wrapper',
      keras(kerasModel(kerasLayer('TimeDistributed', { layer: lambda }, 'keras.layers'))),
    ],
    ['keras: spelt with escapes', keras(kerasModel(lambda).replace('Lambda', '\\u004cambda'))],
  ]),
  ...listed('keras-dangerous-object', 'm.keras', [
    ['keras: a function of os (CVE-2025-1550)', keras(named('function', 'os', 'system'))],
    ['keras: a class of subprocess', keras(named('Popen', 'subprocess', { args: 'id' }))],
    [
      'keras: switching safe mode off (CVE-2025-9906)',
      keras(named('function', 'keras.config', 'enable_unsafe_deserialization')),
    ],
    ['keras: fetching a file (CVE-2025-8747)', keras(named('function', 'keras.utils', 'get_file'))],
    ['keras: numpy.load', keras(named('function', 'numpy', 'load'))],
  ]),
  ...listed('keras-custom-object', 'm.keras', [
    ['keras: a class of the author’s own', keras(named('Gate', 'mylayers'))],
    ['keras: a registered class', keras(kerasModel({ ...kerasLayer('Gate', {}, null), registered_name: 'mine>Gate' }))],
  ]),
  ...listed('keras-file-reference', 'm.keras', [
    ['keras: a vocabulary from a file', keras(named('StringLookup', 'keras.layers', { vocabulary: '/etc/passwd' }))],
  ]),
  ...listed('keras-lambda', 'm.h5', [
    ['h5: a Lambda layer', hdf5(kerasModel(lambda))],
    ['h5: behind a user block', bytes(new Uint8Array(512), hdf5(kerasModel(lambda)))],
    ['h5: a configuration that is cut', hdf5(kerasModel(lambda).slice(0, -2))],
  ]),
  ...listed('keras-custom-object', 'm.hdf5', [['h5: a class outside Keras', hdf5(kerasModel(kerasLayer('MyGate')))]]),
  ...listed('keras-dangerous-object', 'm.h5', [
    [
      'h5: a TensorFlow function that writes',
      hdf5(kerasModel(kerasLayer('TFOpLambda', { function: 'io.write_file' }))),
    ],
  ]),
  ...listed('pickle-dangerous-import', 'm.h5', [
    ['h5: a pickle in the user block', bytes(evilPickle, new Uint8Array(512 - evilPickle.length), hdf5('{}'))],
  ]),
  ...listed('savedmodel-dangerous-op', 'saved_model.pb', [
    ['SavedModel: PyFunc', savedModel([tfNode('a', 'PyFunc')])],
    ['SavedModel: EagerPyFunc in a function', savedModel([tfNode('x', 'Placeholder')], [tfNode('a', 'EagerPyFunc')])],
    ['SavedModel: WriteFile', savedModel([tfNode('a', 'WriteFile')])],
    ['SavedModel: print to a file', savedModel([tfNode('a', 'PrintV2', { output_stream: 'file:///tmp/x' })])],
  ]),
  ...listed('savedmodel-file-access', 'saved_model.pb', [
    ['SavedModel: ReadFile', savedModel([tfNode('a', 'ReadFile')])],
    ['SavedModel: MatchingFiles in a function', savedModel([], [tfNode('a', 'MatchingFiles')])],
  ]),
  ...listed('savedmodel-dangerous-op', 'frozen.pb', [
    ['frozen graph: PyFunc', message([1, tfNode('x', 'Const')], [1, tfNode('a', 'PyFunc')])],
  ]),
  ...listed('onnx-external-path', 'm.onnx', [
    ['onnx: weights up the tree', onnx({ tensors: [externalTensor('../../etc/passwd')] })],
    ['onnx: weights by absolute path', onnx({ tensors: [externalTensor('/etc/passwd')] })],
    ['onnx: weights with backslashes', onnx({ tensors: [externalTensor('..\\..\\secret')] })],
    [
      'onnx: weights of a nested graph',
      onnx({ nodes: [onnxNode('If', '', [message([1, 'then_branch'], [6, message([5, externalTensor('../x')])])])] }),
    ],
    [
      'onnx: weights in an attribute',
      onnx({ nodes: [onnxNode('Constant', '', [message([1, 'value'], [5, externalTensor('../x')])])] }),
    ],
  ]),
  ...listed('onnx-custom-operator', 'm.onnx', [
    ['onnx: a foreign domain', onnx({ nodes: [onnxNode('Gate', 'com.example')] })],
  ]),
  ...listed('onnx-python-operator', 'm.onnx', [
    ['onnx: a Python operator', onnx({ nodes: [onnxNode('PythonOp', 'com.microsoft')] })],
  ]),
  ...listed('suspicious-metadata', 'm.onnx', [
    ['onnx: code in the metadata', onnx({ metadata: { note: '__import__("os").system("id")' } })],
  ]),
  ...listed('safetensors-invalid', 'm.safetensors', [
    [
      'safetensors: overlapping tensors',
      safetensors(
        {
          a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
          b: { dtype: 'F32', shape: [2], data_offsets: [4, 12] },
        },
        12,
      ),
    ],
    ['safetensors: a hole', safetensors({ a: { dtype: 'F32', shape: [1], data_offsets: [8, 12] } }, 12)],
    ['safetensors: data after the tensors', safetensors({ a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] } }, 20)],
    [
      'safetensors: offsets beyond the end',
      safetensors({ a: { dtype: 'U8', shape: [200], data_offsets: [0, 200] } }, 4),
    ],
    [
      'safetensors: a shape that does not fit',
      safetensors({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 4] } }, 4),
    ],
    [
      'safetensors: a name twice',
      safetensors(
        '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
        1,
      ),
    ],
  ]),
  ...listed('template-code', 'm.gguf', [
    [
      'gguf: a template that reaches for classes',
      gguf({ 'tokenizer.chat_template': "{{ ''.__class__.__mro__[1].__subclasses__() }}" }),
    ],
    [
      'gguf: by the filter attr',
      gguf({ 'tokenizer.chat_template.tool': '{{ messages|attr("\\x5f\\x5fclass\\x5f\\x5f") }}' }),
    ],
    [
      'gguf: by the engine’s objects',
      gguf({ 'tokenizer.chat_template': '{% set x = cycler.__init__.__globals__.os.popen("id") %}' }),
    ],
  ]),
  ...listed('template-code', 'tokenizer_config.json', [
    ['tokenizer: a template with code', json({ chat_template: '{{ x.__globals__ }}' })],
  ]),
  ...listed('remote-code', 'config.json', [
    ['config: auto_map', json({ auto_map: { AutoModel: 'modeling_x.Model' } })],
    ['config: trust_remote_code', json({ trust_remote_code: true })],
  ]),
  ...listed('remote-code-elsewhere', 'config.json', [
    ['config: code of another repository', json({ auto_map: { AutoModel: 'someone/repo--modeling_x.Model' } })],
  ]),
  ...listed('remote-code', 'train.yaml', [['yaml: trust_remote_code', utf8('model:\n  trust_remote_code: true\n')]]),
  ...listed('yaml-python-object', 'm.yaml', [
    ['yaml: a Python object', utf8('a: !!python/object/apply:os.system ["id"]\n')],
  ]),
]
