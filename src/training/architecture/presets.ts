/** Architectures by name; `classes` is the number of classes of the data. */
export const presets: Readonly<Record<string, string>> = {
  /** 215,370 parameters for MNIST. */
  'mnist-cnn': 'conv 16 5x5 pad 2, relu, maxpool 2, conv 32 5x5 pad 2, relu, maxpool 2, dense 128, relu, dense classes',
  mlp: 'dense 256, relu, dense 128, relu, dense classes',
  'small-resnet': [
    'conv 16 3x3 bias no, batchnorm, relu',
    'residual [ conv 16 bias no, batchnorm, relu, conv 16 bias no, batchnorm ], relu',
    'residual [ conv 32 stride 2 bias no, batchnorm, relu, conv 32 bias no, batchnorm ], relu',
    'residual [ conv 64 stride 2 bias no, batchnorm, relu, conv 64 bias no, batchnorm ], relu',
    'globalavgpool, dense classes',
  ].join(', '),
}
