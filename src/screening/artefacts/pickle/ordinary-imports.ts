const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Functions and classes that ordinary files import, by module: reading the file calls them, and they only build data. */
const byName: Readonly<Record<string, readonly string[]>> = {
  builtins: words(`
    object set frozenset list dict tuple int float complex bool bytes bytearray str slice range long unicode xrange
    NoneType Ellipsis NotImplemented Exception ValueError TypeError KeyError RuntimeError
  `),
  copyreg: words('_reconstructor'),
  collections: words('OrderedDict defaultdict Counter deque ChainMap UserDict UserList'),
  datetime: words('datetime date time timedelta timezone'),
  decimal: words('Decimal'),
  fractions: words('Fraction'),
  uuid: words('UUID SafeUUID'),
  pathlib: words('Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath'),
  argparse: words('Namespace'),
  types: words('SimpleNamespace'),
  array: words('array _array_reconstructor'),
  random: words('Random'),
  _codecs: words('encode'),
  _io: words('BytesIO StringIO'),
  re: words('_compile'),
  numpy: words('ndarray dtype matrix recarray record'),
  'numpy.ma.core': words('_mareconstruct MaskedArray'),
  'numpy.matrixlib.defmatrix': words('matrix'),
  'numpy.random._pickle': words('__randomstate_ctor __generator_ctor __bit_generator_ctor'),
  'numpy.random': words('__RandomState_ctor'),
  'numpy.random.bit_generator': words('SeedSequence __pyx_unpickle_SeedSequence'),
  'numpy.random._bit_generator': words('SeedSequence'),
  'joblib.numpy_pickle': words('NumpyArrayWrapper NDArrayWrapper ZNDArrayWrapper'),
  'joblib.numpy_pickle_compat': words('NDArrayWrapper ZNDArrayWrapper'),
  'sklearn.externals.joblib.numpy_pickle': words('NumpyArrayWrapper NDArrayWrapper ZNDArrayWrapper'),
  'sklearn.metrics._dist_metrics': words('newObj'),
  'sklearn.neighbors._kd_tree': words('newObj'),
  'sklearn.neighbors._ball_tree': words('newObj'),
  'sklearn.metrics._scorer': words('_passthrough_scorer'),
  'sklearn.cluster._kmeans': words('_kmeans_single_lloyd _kmeans_single_elkan lloyd_iter_chunked_dense'),
  'sklearn.utils': words('Bunch'),
  'sklearn.utils._bunch': words('Bunch'),
  'sklearn.utils.deprecation': words('deprecated'),
  'scipy.special._ufuncs': words('expit logit'),
  torch: words(`
    device Size Tensor Generator float16 float32 float64 bfloat16 int8 int16 int32 int64 uint8 bool complex64 complex128
    float half double int long short qint8 quint8 qint32 float8_e4m3fn float8_e5m2 strided sparse_coo per_tensor_affine
    per_channel_affine contiguous_format channels_last preserve_format relu tanh sigmoid
    FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage CharStorage ByteStorage
    BoolStorage ComplexFloatStorage ComplexDoubleStorage QInt8Storage QUInt8Storage QInt32Storage
  `),
  'torch.storage': words('TypedStorage UntypedStorage _TypedStorage _UntypedStorage'),
  'torch.cuda': words(`
    FloatTensor DoubleTensor HalfTensor LongTensor IntTensor ByteTensor FloatStorage HalfStorage LongStorage IntStorage
    DoubleStorage ByteStorage BoolStorage BFloat16Storage
  `),
  'torch._utils': words(`
    _rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_with_state
    _rebuild_sparse_tensor _rebuild_sparse_csr_tensor _rebuild_nested_tensor _rebuild_qtensor _rebuild_device_tensor_from_numpy
    _rebuild_meta_tensor_no_storage _rebuild_wrapper_subclass _rebuild_device_tensor_from_cpu_tensor
  `),
  'torch._tensor': words('_rebuild_from_type_v2 _rebuild_from_type Tensor'),
  'torch.nn.parameter': words('Parameter Buffer UninitializedParameter UninitializedBuffer'),
  'torch.serialization': words('_get_layout'),
  'torch._C': words('Generator Size device dtype'),
  'torch._C._nn': words('gelu relu silu softplus leaky_relu'),
  'torch.nn.functional': words(`
    relu relu6 gelu silu elu selu celu leaky_relu tanh sigmoid softmax log_softmax softplus mish hardtanh hardswish
    cross_entropy mse_loss nll_loss l1_loss smooth_l1_loss binary_cross_entropy binary_cross_entropy_with_logits
  `),
  'torch.jit._pickle': words(
    'build_intlist build_tensorlist build_doublelist build_boollist build_tensor_from_id restore_type_tag',
  ),
  'xgboost.core': words('Booster DMatrix QuantileDMatrix'),
  'xgboost.compat': words('XGBoostLabelEncoder'),
  'lightgbm.basic': words('Booster Dataset'),
  'lightgbm.compat': words('_LGBMLabelEncoder'),
  'pandas._libs.internals': words('_unpickle_block BlockManager BlockPlacement'),
  'pandas._libs.arrays': words('__pyx_unpickle_NDArrayBacked'),
  'pandas._libs.tslibs.timestamps': words('_unpickle_timestamp Timestamp'),
  'pandas._libs.tslibs.timedeltas': words('_timedelta_unpickle Timedelta'),
  'pandas._libs.tslibs.nattype': words('_nat_unpickle NaTType'),
  'pandas._libs.tslibs.offsets': words('Day Hour Minute Second MonthEnd MonthBegin QuarterEnd YearEnd BusinessDay'),
  'pandas._libs.sparse': words('IntIndex BlockIndex'),
  'pandas.core.indexes.base': words('_new_Index Index'),
  'pandas.core.indexes.datetimes': words('_new_DatetimeIndex DatetimeIndex'),
  'pandas.core.indexes.period': words('_new_PeriodIndex PeriodIndex'),
  'pandas.core.internals.blocks': words('new_block Block'),
  'transformers.training_args': words('TrainingArguments OptimizerNames ParallelMode'),
  'transformers.training_args_seq2seq': words('Seq2SeqTrainingArguments'),
  'transformers.trainer_utils': words(
    'IntervalStrategy SchedulerType HubStrategy SaveStrategy FSDPOption EvaluationStrategy',
  ),
  'transformers.trainer_pt_utils': words('AcceleratorConfig'),
  'accelerate.state': words('PartialState AcceleratorState'),
  'accelerate.utils.dataclasses': words('DistributedType DeepSpeedPlugin'),
  'transformers.utils.generic': words('PaddingStrategy'),
}

const named = new Set(Object.entries(byName).flatMap(([module, names]) => names.map((name) => `${module}.${name}`)))

/**
 * Places whose classes (or pure functions) are many and alike. A whole package is never let in: torch, numpy and
 * scikit-learn hold callables that run code, so each pattern says which modules and which form of names.
 */
const patterns: readonly RegExp[] = [
  /^numpy\.(?:bool_?|u?int(?:8|16|32|64|c|p|_)?|float(?:16|32|64|128|_)|complex(?:64|128|256|_)|str_|bytes_|unicode_|string_|object_|void|datetime64|timedelta64|u?byte|u?short|u?longlong|u?long|half|single|double|longdouble|intc|mean|median|std|var|sum|min|max)$/,
  /^numpy\.dtypes\.[A-Z]\w*DType$/,
  /^numpy\.(?:core|_core)\.(?:multiarray\.(?:_reconstruct|scalar)|numeric\._frombuffer|records\.(?:record|recarray))$/,
  // The constructor of arrays before NumPy 1.0.
  /^numpy\.core\._internal\._reconstruct$/,
  /^networkx\.classes\.(?:graph|digraph|multigraph|multidigraph)\.(?:Multi)?(?:Di)?Graph$/,
  /^numpy\.random\._?(?:mt19937|pcg64|philox|sfc64|generator|mtrand)\.(?:MT19937|PCG64|PCG64DXSM|Philox|SFC64|Generator|RandomState)$/,
  /^numpy\.polynomial\.\w+\.[A-Z]\w*$/,
  // Compiled losses of scikit-learn from 1.5 on, which name their module without its package.
  /^_loss\.(?:__pyx_unpickle_)?Cy\w+$/,
  // Estimators, kernels, losses, trees: classes only.
  /^sklearn\.(?:_loss|calibration|cluster|compose|covariance|cross_decomposition|decomposition|discriminant_analysis|dummy|ensemble|feature_extraction|feature_selection|frozen|gaussian_process|impute|isotonic|kernel_approximation|kernel_ridge|linear_model|manifold|metrics|mixture|model_selection|multiclass|multioutput|naive_bayes|neighbors|neural_network|pipeline|preprocessing|random_projection|semi_supervised|svm|tree)(?:\.\w+)*\.(?:_?[A-Z]\w*|__pyx_unpickle_\w+)$/,
  // Scores that are kept in searches and selectors: functions of two arrays.
  /^sklearn\.(?:metrics\._(?:classification|regression|ranking|plot)|metrics\.cluster\._(?:supervised|unsupervised)|metrics\.pairwise|feature_selection\._(?:univariate_selection|mutual_info))\.[a-z]\w*$/,
  /^(?:imblearn|category_encoders|sklearn_extra)(?:\.\w+)+\.[A-Z]\w*$/,
  /^scipy\.sparse\.(?:_?(?:csr|csc|coo|bsr|dia|dok|lil)\.)?(?:csr|csc|coo|bsr|dia|dok|lil)_(?:matrix|array)$/,
  /^scipy\.(?:interpolate|spatial|stats|optimize)\._\w+\.[A-Z]\w*$/,
  /^scipy\.(?:interpolate\.interpolate|interpolate\.fitpack2|spatial\.ckdtree|stats\._distn_infrastructure)\.\w+(?:_frozen|_gen|[Kk]DTree)$/,
  /^torch\.nn\.(?:modules|qat\.modules|quantized\.modules|intrinsic\.modules|attention)(?:\.\w+)*\.[A-Z]\w*$/,
  /^torch\.nn\.modules\.(?:linear|container|module)\._?[A-Z]\w*$/,
  /^torch\.ao\.(?:nn|quantization)(?:\.\w+)*\.[A-Z]\w*$/,
  /^torch\.optim\.(?:\w+\.)?[A-Z]\w*$/,
  /^torch\.distributions\.\w+\.[A-Z]\w*$/,
  /^torch\.distributed\.checkpoint\.metadata\.[A-Z]\w*$/,
  /^torch\.utils\.data\.(?:dataset|sampler)\.[A-Z]\w*$/,
  /^torchvision\.(?:models|ops|transforms)(?:\.\w+)*\.[A-Z]\w*$/,
  /^timm\.(?:models|layers)(?:\.\w+)*\.[A-Z]\w*$/,
  /^xgboost\.sklearn\.XGB\w+$/,
  /^lightgbm\.sklearn\.LGBM\w+$/,
  /^catboost\.core\.CatBoost\w*$/,
  /^pandas\.core\.(?:frame|series|indexes|arrays|internals|dtypes)(?:\.\w+)*\.[A-Z]\w*$/,
]

/**
 * Whether ordinary files of the usual libraries import it, and reading it only builds data. `module` is in Python 3's
 * spelling. Dotted names, which reach through attributes, never are.
 */
export const isOrdinaryImport = (module: string, name: string): boolean =>
  /^\w+$/.test(name) &&
  (named.has(`${module}.${name}`) || patterns.some((pattern) => pattern.test(`${module}.${name}`)))
