import { deflateSync, gzipSync } from 'node:zlib'
import { tar, zip } from './archives.ts'
import { bytes, u32, u64, utf8 } from './bytes.ts'
import { gguf, hdf5, kerasLayer, kerasModel, npy, onnx, onnxNode, safetensors, savedModel, tfNode } from './formats.ts'
import { joblibArray, joblibObjects } from './malicious-pickles.ts'
import { dict, instance, p, pickle } from './pickle.ts'

export interface BenignSample {
  readonly what: string
  readonly file: string
  readonly data: Uint8Array
}

const reduced = (module: string, name: string, ...args: readonly Uint8Array[]): Uint8Array =>
  bytes(p.text(module), p.text(name), p.stackGlobal, p.mark, ...args, p.tuple, p.reduce)
const referred = (module: string, name: string): Uint8Array => bytes(p.text(module), p.text(name), p.stackGlobal)

/** An array as NumPy pickles it: an empty one, then its state with shape, dtype and bytes. */
const array = (core: string): Uint8Array =>
  bytes(
    reduced(
      `numpy.${core}.multiarray`,
      '_reconstruct',
      referred('numpy', 'ndarray'),
      bytes(p.int(0), p.tuple1),
      p.shortBytes(utf8('b')),
    ),
    p.mark,
    p.int(1),
    bytes(p.int(2), p.tuple1),
    reduced('numpy', 'dtype', p.text('f8'), bytes(0x89), bytes(0x88)),
    bytes(0x89),
    p.longBytes(new Uint8Array(16)),
    p.tuple,
    p.build,
  )

const estimators: readonly (readonly [string, string])[] = [
  ['sklearn.linear_model._logistic', 'LogisticRegression'],
  ['sklearn.ensemble._forest', 'RandomForestClassifier'],
  ['sklearn.ensemble._hist_gradient_boosting.gradient_boosting', 'HistGradientBoostingClassifier'],
  ['sklearn.pipeline', 'Pipeline'],
  ['sklearn.preprocessing._data', 'StandardScaler'],
  ['sklearn.svm._classes', 'SVC'],
  ['sklearn.compose._column_transformer', 'ColumnTransformer'],
  ['sklearn.model_selection._search', 'GridSearchCV'],
  ['sklearn.gaussian_process.kernels', 'RBF'],
  ['sklearn.feature_extraction.text', 'TfidfVectorizer'],
  ['sklearn.cluster._birch', '_CFNode'],
  ['sklearn.neural_network._stochastic_optimizers', 'AdamOptimizer'],
  ['xgboost.sklearn', 'XGBClassifier'],
  ['xgboost.core', 'Booster'],
  ['lightgbm.sklearn', 'LGBMClassifier'],
  ['lightgbm.basic', 'Booster'],
  ['catboost.core', 'CatBoostClassifier'],
  ['pandas.core.frame', 'DataFrame'],
  ['pandas.core.internals.managers', 'BlockManager'],
  ['torch.nn.modules.conv', 'Conv2d'],
  ['torch.nn.modules.container', 'Sequential'],
  ['torch.nn.modules.linear', 'NonDynamicallyQuantizableLinear'],
  ['torch.optim.adam', 'Adam'],
  ['torchvision.models.resnet', 'ResNet'],
  ['transformers.training_args', 'TrainingArguments'],
  ['scipy.sparse._csr', 'csr_matrix'],
  ['scipy.interpolate._bsplines', 'BSpline'],
  ['collections', 'Counter'],
  ['argparse', 'Namespace'],
]

const referredOnly: readonly (readonly [string, string])[] = [
  ['sklearn._loss._loss', '__pyx_unpickle_CyHalfMultinomialLoss'],
  ['_loss', '__pyx_unpickle_CyHalfMultinomialLoss'],
  ['_loss', 'CyHalfMultinomialLoss'],
  ['sklearn.metrics._scorer', '_passthrough_scorer'],
  ['sklearn.metrics._classification', 'accuracy_score'],
  ['sklearn.feature_selection._univariate_selection', 'f_classif'],
  ['sklearn.tree._tree', 'Tree'],
  ['sklearn.neighbors._kd_tree', 'newObj'],
  ['numpy', 'float64'],
  ['numpy', 'mean'],
  ['numpy.core.multiarray', 'scalar'],
  ['numpy._core.multiarray', '_reconstruct'],
  ['numpy.dtypes', 'Float64DType'],
  ['numpy.random._pickle', '__randomstate_ctor'],
  ['numpy.random._mt19937', 'MT19937'],
  ['torch._utils', '_rebuild_tensor_v2'],
  ['torch._utils', '_rebuild_parameter'],
  ['torch', 'FloatStorage'],
  ['torch', 'bfloat16'],
  ['torch.storage', 'UntypedStorage'],
  ['torch.nn.functional', 'relu'],
  ['copyreg', '_reconstructor'],
  ['copy_reg', '_reconstructor'],
  ['__builtin__', 'object'],
  ['builtins', 'set'],
  ['_codecs', 'encode'],
  ['pathlib', 'PosixPath'],
  ['datetime', 'datetime'],
  ['decimal', 'Decimal'],
]

const tensor = bytes(
  referred('torch._utils', '_rebuild_tensor_v2'),
  p.mark,
  p.mark,
  p.text('storage'),
  referred('torch', 'FloatStorage'),
  p.text('0'),
  p.text('cpu'),
  p.int(4),
  p.tuple,
  p.binPersId,
  p.int(0),
  bytes(p.int(4), p.tuple1),
  bytes(p.int(1), p.tuple1),
  bytes(0x89),
  reduced('collections', 'OrderedDict'),
  p.tuple,
  p.reduce,
)
const stateDict = bytes(
  p.proto(2),
  reduced('collections', 'OrderedDict'),
  p.mark,
  p.longText('fc.weight'),
  tensor,
  p.setItems,
  p.stop,
)

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

const functional = JSON.stringify({
  module: 'keras.src.models.functional',
  class_name: 'Functional',
  registered_name: 'Functional',
  config: {
    name: 'functional',
    trainable: true,
    layers: [
      {
        module: 'keras.layers',
        class_name: 'InputLayer',
        config: { batch_shape: [null, 4], dtype: 'float32', name: 'in' },
        registered_name: null,
        name: 'in',
        inbound_nodes: [],
      },
      {
        module: 'keras.layers',
        class_name: 'Dense',
        registered_name: null,
        name: 'd',
        build_config: { input_shape: [null, 4] },
        config: {
          name: 'd',
          units: 3,
          activation: 'softmax',
          use_bias: true,
          dtype: { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null },
          kernel_initializer: {
            module: 'keras.initializers',
            class_name: 'GlorotUniform',
            config: { seed: null },
            registered_name: null,
          },
          kernel_regularizer: null,
        },
        inbound_nodes: [
          {
            args: [
              {
                class_name: '__keras_tensor__',
                config: { shape: [null, 4], dtype: 'float32', keras_history: ['in', 0, 0] },
              },
            ],
            kwargs: {},
          },
        ],
      },
    ],
  },
  compile_config: {
    optimizer: {
      module: 'keras.optimizers',
      class_name: 'Adam',
      config: { learning_rate: 0.001 },
      registered_name: null,
    },
    loss: 'sparse_categorical_crossentropy',
    metrics: ['accuracy'],
  },
})
const oldKeras = kerasModel(
  kerasLayer('Conv2D', { filters: 3, kernel_initializer: kerasLayer('GlorotUniform', { seed: null }) }),
  kerasLayer('BatchNormalization', {}),
  kerasLayer('Bidirectional', { layer: kerasLayer('LSTM', { units: 3 }) }),
  kerasLayer('TFOpLambda', { function: 'math.multiply' }),
  kerasLayer('TextVectorization', { vocabulary: ['a', 'b'] }),
)
const keras = (config: string): Uint8Array =>
  zip([
    { name: 'metadata.json', data: utf8('{"keras_version": "3.3.3", "date_saved": "2024-05-01@10:00:00"}') },
    { name: 'config.json', data: utf8(config) },
    { name: 'model.weights.h5', data: hdf5('layers') },
  ])

const template =
  "{% for m in messages %}{% if m['role'] == 'user' %}[INST] {{ m['content'] | trim }} [/INST]{% else %}{{ m.content }}{% endif %}{% endfor %}{{ raise_exception('x') if not messages }}"

/** Files as the usual tools write them. */
export const benignFiles: readonly BenignSample[] = [
  ...estimators.map(([module, name]) => ({
    what: `${module}.${name}`,
    file: 'm.pkl',
    data: pickle(instance(module, name, dict({ coef_: array('core'), names: p.text('csv') }))),
  })),
  ...referredOnly.map(([module, name]) => ({
    what: `${module}.${name}`,
    file: 'm.pkl',
    data: pickle(referred(module, name)),
  })),
  ...[0, 1, 2, 3].map((version) => ({
    what: `protocol ${version} by the old constructor`,
    file: 'm.pkl',
    data: bytes(
      version < 2 ? new Uint8Array(0) : p.proto(version),
      p.global('copy_reg', '_reconstructor'),
      p.mark,
      p.global('sklearn.svm._classes', 'SVC'),
      p.global('__builtin__', 'object'),
      p.none,
      p.tuple,
      p.put(1),
      p.reduce,
      p.put(2),
      p.mark,
      bytes('d'),
      p.line('C'),
      bytes('F1.0\n'),
      p.setItem,
      p.build,
      p.stop,
    ),
  })),
  { what: 'an array of NumPy 2', file: 'a.pickle', data: pickle(array('_core')) },
  {
    what: 'a universal function',
    file: 'm.pkl',
    data: pickle(reduced('numpy.core', '_ufunc_reconstruct', p.text('numpy.core._multiarray_umath'), p.text('log1p'))),
  },
  { what: 'the type of None', file: 'm.pkl', data: pickle(reduced('builtins', 'type', p.none)) },
  {
    what: 'a tensor within a pickle',
    file: 'm.pkl',
    data: pickle(reduced('torch.storage', '_load_from_bytes', p.longBytes(torch()))),
  },
  {
    what: 'bytes encoded as text',
    file: 'm.pkl',
    data: bytes(p.proto(2), reduced('_codecs', 'encode', p.longText('\u0000\u00ff'), p.text('latin1')), p.stop),
  },
  { what: 'joblib with a raw array', file: 'm.joblib', data: joblibArray(instance('sklearn.svm._classes', 'SVC')) },
  {
    what: 'joblib with raw bytes that look like code',
    file: 'm.joblib',
    data: joblibArray(p.none, utf8('cos\nsystem\n(tR..')),
  },
  { what: 'joblib with an array of texts', file: 'm.joblib', data: joblibObjects(pickle(p.emptyList)) },
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
