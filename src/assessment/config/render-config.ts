import type { Access, GateMetric, Norm, TaskKind } from '../../contract/index.ts'
import { yamlComment, yamlInline } from './yaml-scalar.ts'

/** What `bartizan init` found out about a model and its data. Paths are relative to the file that is written. */
export interface ConfigAnswers {
  readonly model: {
    readonly path: string
    /** For a comment: "mnist-cnn.onnx, opset 13, 215370 parameters, from pytorch 1.13". */
    readonly summary: string
    readonly range: readonly [number, number]
    /** How the range was found: "lowest and highest value of the rows". */
    readonly rangeReason: string
    readonly units?: string
    readonly shape?: readonly number[]
    /** Left out: classes. */
    readonly task?: TaskKind
    readonly output: 'auto' | 'logits' | 'probabilities'
    readonly outputReason: string
  }
  readonly data: {
    readonly path: string
    /** For a comment: "1024 rows, 10 classes". */
    readonly summary: string
    readonly labels?: string
    readonly label?: string
    readonly labelColumns?: readonly string[]
    readonly rows: readonly [number, number]
    readonly columns?: readonly string[]
    readonly shape?: readonly number[]
    readonly scale?: number | string
  }
  /** Columns of a table and what their values look like: proposed as comments. */
  readonly features?: readonly {
    readonly name: string
    readonly range: readonly [number, number]
    readonly step?: number
    readonly values?: readonly number[]
  }[]
  /** Measured on those rows, if the model could be run on them. */
  readonly accuracy?: number
  /** Mean absolute error on those rows, of a model that predicts numbers. */
  readonly error?: number
  readonly threat: {
    readonly access: Access
    /** Rows are images, to which common corruptions apply. */
    readonly images?: boolean
    /** When a row is broken, where the model predicts no class. */
    readonly goal?: { readonly tolerance: number } | { readonly flips: 'any' }
    readonly norms: readonly { readonly norm: Norm; readonly epsilon: readonly (number | string)[] }[]
  }
  readonly gates: readonly {
    readonly id: string
    readonly metric: GateMetric
    readonly norm?: Norm
    readonly epsilon?: number | string
    readonly atLeast?: number
    readonly atMost?: number
  }[]
}

type Line = string | readonly Line[] | false

const setting = (key: string, value: Parameters<typeof yamlInline>[0] | undefined, note = ''): Line =>
  value !== undefined && `${key}: ${yamlInline(value)}${note === '' ? '' : `  # ${yamlComment(note)}`}`

const text = (lines: readonly Line[], indent = ''): string =>
  lines
    .map((line) => (line === false ? '' : typeof line === 'string' ? `${indent}${line}\n` : text(line, `${indent}  `)))
    .join('')

const modelLines = ({ model }: ConfigAnswers): readonly Line[] => [
  '# The model under test: an ONNX file, read where it lies. Paths start from the folder of this file.',
  `# Found: ${yamlComment(model.summary)}.`,
  'model:',
  [
    setting('path', model.path),
    'input:',
    [
      '# Lowest and highest value an input element may have, before any preprocessing. Budgets are in these units.',
      setting('range', model.range, model.rangeReason),
      setting('units', model.units, 'budgets are printed both ways, as 8/255 and as 0.0314'),
      model.units === 'byte/255' &&
        '# levels: 256  # rounds changed rows to whole bytes before they count, as a file of images would',
      setting('shape', model.shape, 'of one row, without the batch'),
    ],
    '# If the model expects normalised inputs, say how: it is fed (x * scale - mean) / std, one number or one a channel.',
    '# preprocessing: {mean: [0.1307], std: [0.3081]}',
    setting('task', model.task, 'what it predicts: classification, regression or multi-label'),
    setting('output', model.output, model.outputReason),
  ],
]

const dataLines = ({ data }: ConfigAnswers): readonly Line[] => [
  '# The rows to measure on: real, labelled, and not used in training.',
  `# Found: ${yamlComment(data.summary)}.`,
  'data:',
  [
    setting('path', data.path),
    setting('labels', data.labels, 'a file of labels'),
    setting('label', data.label, 'the column with the labels'),
    setting('label-columns', data.labelColumns, "what is to be predicted, in the order of the model's outputs"),
    setting(
      'rows',
      `${data.rows[0]}:${data.rows[1]}`,
      'first row, counted from 0, and one past the last; more rows, narrower intervals',
    ),
    setting('columns', data.columns),
    setting('shape', data.shape, 'of one row'),
    setting('scale', data.scale, 'multiplies the stored values'),
  ],
]

const errorLines = ({ error }: ConfigAnswers): readonly Line[] => [
  '# The mean absolute error on these rows that the training reported. One further away than the tolerance, a share of it,',
  '# stops the run: the preprocessing above is then wrong, and every number after it would be too.',
  'error:',
  [setting('declared', error, 'measured just now: check it against what the training reported'), 'tolerance: 0.1'],
]

const accuracyLines = ({ accuracy }: ConfigAnswers): readonly Line[] => [
  '# The accuracy on these rows that the training reported, 0 to 1. A measured accuracy further away than the tolerance',
  '# stops the run: the preprocessing above is then wrong, and every number after it would be too.',
  ...(accuracy === undefined
    ? ['# accuracy: {declared: 0.99, tolerance: 0.02}']
    : [
        'accuracy:',
        [
          setting('declared', accuracy, 'measured just now: check it against what the training reported'),
          'tolerance: 0.02',
        ],
      ]),
]

const threatLines = ({ threat }: ConfigAnswers): readonly Line[] => [
  '# Who attacks, and how far an input may be changed. access: white-box (weights and gradients), scores (of every',
  '# class) or labels (the predicted label only). norms: linf bounds the change of each element, l2 its length, l1 its',
  '# sum, l0 the number of changed elements. epsilon: one budget or several, in the units of model.input.range.',
  'threat:',
  [
    setting('access', threat.access),
    'norms:',
    threat.norms.flatMap(({ norm, epsilon }): readonly Line[] => [`- norm: ${norm}`, [setting('epsilon', epsilon)]]),
    goalLine(threat.goal),
    threat.images === true && [
      '# Common corruptions without an attacker (noise, blur, weather, digital), by severity:',
      '# - {norm: severity, epsilon: [1, 2, 3, 4, 5]}',
    ],
  ],
]

const goalLine = (goal: ConfigAnswers['threat']['goal']): Line =>
  goal !== undefined &&
  ('flips' in goal
    ? `goal: {flips: ${goal.flips}}  # a row is broken where any label that was right is turned; or a number of labels, or all`
    : `goal: {tolerance: ${goal.tolerance}}  # broken where a prediction moves by more: half the spread of the numbers, until you say what does harm`)

const featureLines = (features: NonNullable<ConfigAnswers['features']>): readonly Line[] => [
  '# What the columns must keep to, whatever an attacker does: a model is not broken by a row that can not exist. Take',
  '# the comment signs off what is true of every row, not of these alone. change: none (it can not be changed), up or',
  '# down; cost: how many times a change counts; one-hot: lists of columns; relations: sums that hold.',
  '# scale: range or deviation makes a budget count in the range, or the standard deviation, of each column.',
  '# features:',
  '#   scale: deviation',
  '#   columns:',
  ...features.map(({ name, range, step, values }) => {
    const steps = step === undefined ? '' : `, step: ${step}`
    const seen = values ? `  # a category? values: ${yamlInline(values)} in place of step` : ''
    return `#     ${yamlInline(name)}: {range: ${yamlInline(range)}${steps}}${seen}`
  }),
]

const gateLines = ({ gates }: ConfigAnswers): readonly Line[] => [
  '# What must hold: bartizan assess exits with 1 where a gate does not. Accuracies are shares, 0 to 1.',
  '# judge-by: interval asks the lower end of the 95 % interval to hold as well.',
  gates.length === 0 ? 'gates: []' : 'gates:',
  gates.flatMap((gate): readonly Line[] => [
    `- id: ${yamlInline(gate.id)}`,
    [
      setting('metric', gate.metric),
      setting('norm', gate.norm),
      setting('epsilon', gate.epsilon),
      setting('at-least', gate.atLeast),
      setting('at-most', gate.atMost),
    ],
  ]),
]

/** The commented bartizan.yaml that `bartizan init` writes. `loadConfig` accepts what this returns. */
export const renderConfig = (answers: ConfigAnswers): string =>
  [
    '# What bartizan assess measures. Written by bartizan init; change what it could not know.\n',
    text(modelLines(answers)),
    text(dataLines(answers)),
    ...(answers.model.task === 'regression'
      ? answers.error === undefined
        ? []
        : [text(errorLines(answers))]
      : [text(accuracyLines(answers))]),
    ...(answers.features ? [text(featureLines(answers.features))] : []),
    text(threatLines(answers)),
    text([
      '# auto: every attack that fits the threat and the model. Or a list: [{attack: pgd, params: {steps: 40}}].',
      'battery: auto',
    ]),
    text(gateLines(answers)),
    text(['# Same seed, same result.', 'seed: 0', '# Folder of the reports.', 'out: bartizan-report']),
  ].join('\n')
