import { zip } from './archives.ts'
import { utf8 } from './bytes.ts'
import { hdf5, kerasLayer, kerasModel } from './formats.ts'

/** A model of Keras 3. */
export const functional = JSON.stringify({
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
/** A model of Keras 2. */
export const oldKeras = kerasModel(
  kerasLayer('Conv2D', { filters: 3, kernel_initializer: kerasLayer('GlorotUniform', { seed: null }) }),
  kerasLayer('BatchNormalization', {}),
  kerasLayer('Bidirectional', { layer: kerasLayer('LSTM', { units: 3 }) }),
  kerasLayer('TFOpLambda', { function: 'math.multiply' }),
  kerasLayer('TextVectorization', { vocabulary: ['a', 'b'] }),
)
/** A .keras archive. */
export const keras = (config: string): Uint8Array =>
  zip([
    { name: 'metadata.json', data: utf8('{"keras_version": "3.3.3", "date_saved": "2024-05-01@10:00:00"}') },
    { name: 'config.json', data: utf8(config) },
    { name: 'model.weights.h5', data: hdf5('layers') },
  ])
