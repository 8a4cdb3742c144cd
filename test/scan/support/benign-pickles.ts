import { bytes, utf8 } from './bytes.ts'
import { dict, instance, p, pickle } from './pickle.ts'

export interface BenignSample {
  readonly what: string
  readonly file: string
  readonly data: Uint8Array
}

export const reduced = (module: string, name: string, ...args: readonly Uint8Array[]): Uint8Array =>
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
  ['numpy.core._internal', '_reconstruct'],
  ['networkx.classes.digraph', 'DiGraph'],
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
/** Weights as torch pickles them. */
export const stateDict = bytes(
  p.proto(2),
  reduced('collections', 'OrderedDict'),
  p.mark,
  p.longText('fc.weight'),
  tensor,
  p.setItems,
  p.stop,
)

/** Pickles as the usual libraries write them. */
export const benignPickles: readonly BenignSample[] = [
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
    what: 'bytes encoded as text',
    file: 'm.pkl',
    data: bytes(p.proto(2), reduced('_codecs', 'encode', p.longText('\u0000\u00ff'), p.text('latin1')), p.stop),
  },
]
