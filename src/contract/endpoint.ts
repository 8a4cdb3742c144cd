import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'

const positive = z.number().positive()
const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'expected the name of an environment variable, not what it holds' })
const pointer = z.string().regex(/^(\/([^~/]|~0|~1)*)*$/, {
  error: 'expected a JSON pointer (RFC 6901): "" or "/key/0"; the segment * stands for every element',
})

export const protocolSchema = z.enum(['v2', 'tensorflow', 'mlflow', 'json'])

/** model.endpoint of bartizan.yaml: a model behind an API, how it is spoken to, and how much it may be asked. */
export const endpointConfigSchema = z
  .strictObject({
    url: z.url({ protocol: /^https?$/, error: 'expected an http or https address' }),
    protocol: protocolSchema
      .optional()
      .describe('v2: Open Inference Protocol; tensorflow: TensorFlow Serving; mlflow; json; default: told by the url'),
    input: z.string().min(1).optional().describe('name of the input, where the server wants one'),
    output: z.string().min(1).optional().describe('name of the output that is used, where the server gives several'),
    layout: z
      .enum(['row', 'columnar', 'dataframe', 'inputs'])
      .optional()
      .describe('tensorflow: row or columnar; mlflow: dataframe or inputs'),
    signature: z.string().min(1).optional().describe('tensorflow: signature_name'),
    columns: z.array(z.string().min(1)).min(1).optional().describe('mlflow: names of the columns of a dataframe'),
    request: z.unknown().optional().describe('json: the request; "$rows" stands for all rows, "$row" for the only one'),
    scores: pointer.optional().describe('json: where the scores are, one item a row'),
    labels: pointer.optional().describe('json: where the predicted labels are, one item a row'),
    gives: z.enum(['scores', 'labels']).optional().describe('what the answers hold; default: scores'),
    classes: z
      .union([z.int().min(2), z.array(z.string()).min(2)], { error: 'expected a number of classes or their names' })
      .optional()
      .describe('number of classes, or their names in order'),
    token: variable.optional().describe('environment variable whose value is sent as "Authorization: Bearer"'),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/), variable)
      .optional()
      .describe('more headers: name, and environment variable that holds the value'),
    batch: z.int().positive().default(32).describe('most rows a request'),
    concurrency: z.int().positive().max(64).default(4).describe('most requests at a time'),
    rate: positive.optional().describe('most requests a second'),
    timeout: positive.max(3600).default(30).describe('seconds that a request may take'),
    retries: z.int().nonnegative().max(20).default(5).describe('times that a failed request is sent again'),
    'longest-wait': positive.default(120).describe('most seconds to wait before a request is sent again'),
    'largest-answer': z.int().positive().default(16_777_216).describe('most bytes of an answer'),
    budget: z.int().positive().default(100_000).describe('most rows that are ever sent, repeated requests included'),
    repeats: z.int().nonnegative().default(16).describe('rows that are asked twice, to see whether answers differ'),
  })
  .superRefine(({ protocol, request, scores, labels }, context) => {
    const issue = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (scores !== undefined && labels !== undefined) issue('labels', 'give scores or labels, not both')
    const mapped = request !== undefined || scores !== undefined || labels !== undefined
    if (mapped && protocol !== 'json') issue('protocol', 'request, scores and labels go with protocol: json')
    if (protocol !== 'json') return
    if (request === undefined) issue('request', 'protocol: json needs a request')
    if (scores === undefined && labels === undefined) issue('scores', 'say where scores or labels are in the answer')
  })

/** What a report says of a model behind an API. The address holds no secret: credentials in it are refused. */
export const endpointInfoSchema = z.strictObject({
  url: z.string(),
  protocol: protocolSchema,
  name: z.string().optional(),
  version: z.string().optional(),
  gives: z.enum(['scores', 'labels']),
  note: z.string().optional(),
})

/** What became of rows that were asked twice. */
export const repeatedSchema = z.strictObject({
  rows: z.int().nonnegative(),
  otherLabel: z.int().nonnegative().describe('rows that got another label'),
  otherScores: z.int().nonnegative().describe('rows whose scores differed by more than rounding'),
  largest: z.number().nonnegative().describe('largest difference between the two probabilities of a class'),
})

/** What was asked of an endpoint, in rows: `asked` by all runs that keep answers in this folder; the rest by this process. */
export const endpointUseSchema = z.strictObject({
  asked: z.int().nonnegative().describe('rows sent, repeated requests included'),
  budget: z.int().positive(),
  since: z.iso.datetime().optional().describe('when the oldest of the kept answers was asked for, or later'),
  sent: z.int().nonnegative().describe('rows sent by this run'),
  cached: z.int().nonnegative().describe('rows answered from what was kept'),
  requests: z.int().nonnegative(),
  failed: z.int().nonnegative().describe('requests that were not answered'),
  retried: z.int().nonnegative().describe('requests that were sent again after one that failed'),
  seconds: z.number().nonnegative().describe('spent waiting for answers, all requests added up'),
  elapsed: z.number().nonnegative().describe('seconds from the first request to the last answer'),
  repeated: repeatedSchema.optional().describe('absent where no row was asked twice'),
})

export type EndpointConfig = DeepReadonly<z.output<typeof endpointConfigSchema>>
export type EndpointProtocol = z.infer<typeof protocolSchema>
export type EndpointInfo = DeepReadonly<z.infer<typeof endpointInfoSchema>>
export type Repeated = DeepReadonly<z.infer<typeof repeatedSchema>>
export type EndpointUse = DeepReadonly<z.infer<typeof endpointUseSchema>>
