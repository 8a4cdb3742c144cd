const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Layers and models of Keras 2 and 3 by the names under which configurations without a module know them. */
export const kerasClasses: ReadonlySet<string> = new Set(
  words(`
    Sequential Functional Model InputLayer Dense Activation Dropout Flatten Reshape Permute RepeatVector Masking
    ActivityRegularization Embedding EinsumDense Identity SpatialDropout1D SpatialDropout2D SpatialDropout3D
    Conv1D Conv2D Conv3D Convolution1D Convolution2D Convolution3D SeparableConv1D SeparableConv2D DepthwiseConv1D
    DepthwiseConv2D Conv1DTranspose Conv2DTranspose Conv3DTranspose LocallyConnected1D LocallyConnected2D
    Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D
    MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D
    GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalAveragePooling3D AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveMaxPooling1D AdaptiveMaxPooling2D
    RNN SimpleRNN SimpleRNNCell GRU GRUCell LSTM LSTMCell StackedRNNCells CuDNNGRU CuDNNLSTM ConvLSTM1D ConvLSTM2D
    ConvLSTM3D Bidirectional TimeDistributed Wrapper
    Add Subtract Multiply Average Maximum Minimum Concatenate Dot Merge
    BatchNormalization LayerNormalization UnitNormalization GroupNormalization SpectralNormalization RMSNormalization
    Attention AdditiveAttention MultiHeadAttention GroupQueryAttention GroupedQueryAttention
    LeakyReLU PReLU ELU ThresholdedReLU Softmax ReLU GaussianNoise GaussianDropout AlphaDropout
    Rescaling Resizing CenterCrop RandomCrop RandomFlip RandomTranslation RandomRotation RandomZoom RandomHeight
    RandomWidth RandomContrast RandomBrightness AugMix CutMix MixUp RandAugment AutoContrast Solarization Equalization
    Normalization Discretization CategoryEncoding Hashing HashedCrossing IntegerLookup StringLookup TextVectorization
    MelSpectrogram STFTSpectrogram TFSMLayer Input InputSpec DTypePolicy Policy Int8Quantizer
    GlorotUniform GlorotNormal HeNormal HeUniform LecunNormal LecunUniform VarianceScaling RandomNormal RandomUniform
    TruncatedNormal Zeros Ones Constant Orthogonal OrthogonalInitializer L1 L2 L1L2 OrthogonalRegularizer
    MaxNorm NonNeg UnitNorm MinMaxNorm
    Adam AdamW Adamax Adagrad Adadelta Nadam SGD RMSprop Ftrl Lion Adafactor Muon LossScaleOptimizer
    ExponentialDecay CosineDecay CosineDecayRestarts PiecewiseConstantDecay PolynomialDecay InverseTimeDecay
    BinaryCrossentropy CategoricalCrossentropy SparseCategoricalCrossentropy MeanSquaredError MeanAbsoluteError
    MeanAbsolutePercentageError MeanSquaredLogarithmicError Huber LogCosh Hinge SquaredHinge CategoricalHinge KLDivergence
    Poisson CosineSimilarity BinaryFocalCrossentropy CategoricalFocalCrossentropy
    Accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy TopKCategoricalAccuracy
    SparseTopKCategoricalAccuracy AUC Precision Recall Mean MeanMetricWrapper MeanIoU IoU RootMeanSquaredError
    TensorShape TypeSpec __tuple__ __tensor__ __numpy__ __bytes__ __ellipsis__ __keras_tensor__ __slice__ slice tuple
  `),
)

/** Parts of Keras and TensorFlow whose functions read files, fetch, load models or change what is safe. */
export const dangerousKerasModule =
  /^(?:keras|tf_keras|tensorflow\.keras|tensorflow\.python\.keras)\.(?:src\.)?(?:utils|config|models\.cloning|saving|backend\.common\.global_state|datasets|wrappers|export|legacy\.saving|callbacks|distribution|tree)(?:\.|$)/

/** Modules of Keras itself. `null` and the empty name stand for it too. */
export const kerasModule =
  /^(?:keras|tf_keras|keras_nlp|keras_hub|keras_cv|tensorflow\.keras|tensorflow\.python\.keras)(?:\.|$)/

/** Functions that switch the protection off or load further files, wherever they are named. */
export const dangerousKerasNames = new Set(
  words(`
    enable_unsafe_deserialization get_file load_model load_weights get_registered_object custom_object_scope
    model_from_json model_from_yaml model_from_config load_img image_dataset_from_directory run_in_separate_process
    eval exec compile open system popen getattr __import__
  `),
)

/** TensorFlow operators that a TFOpLambda layer must not name. */
export const dangerousOperatorName =
  /(?:^|\.)(?:io|py_function|numpy_function|py_func|raw_ops|load_op_library|load_library|gfile|data|print|saved_model)(?:\.|$)/
