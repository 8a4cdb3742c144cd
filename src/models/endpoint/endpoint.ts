import { canonicalJson, sha256 } from '../../base/canonical-json.ts'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import { stream } from '../../base/random.ts'
import type { EndpointConfig, EndpointInfo, EndpointUse, Repeated } from '../../contract/endpoint.ts'
import { sizeOf } from '../../onnx/tensor.ts'
import type { AttackedModel } from '../attacked-model.ts'
import type { Preprocessing } from '../head.ts'
import { forward, type Program } from '../program.ts'
import { addressOf, shownUrl } from './address.ts'
import { type Keeping, openAnswerStore } from './answer-store.ts'
import { asker } from './asker.ts'
import { pacing } from './pacing.ts'
import type { Metadata, Protocol } from './protocol.ts'
import { protocols } from './protocols.ts'
import { answerTo, newCount, type RequestOptions } from './requests.ts'
import { settleReading } from './scores.ts'
import { type Environment, secretsFrom } from './secrets.ts'

export interface EndpointOptions {
  readonly config: EndpointConfig
  readonly output: 'auto' | 'logits' | 'probabilities'
  readonly preprocessing?: Preprocessing
  /** Of one row, where it is declared. */
  readonly shape?: readonly number[]
  /** The rows that will be asked: their shape where nobody declares one, the first of them, their columns' names. */
  readonly data: {
    readonly shape: readonly number[]
    readonly columns?: readonly string[]
    first(): Promise<Float32Array>
  }
  /** Where the answers of an endpoint are kept; `sha256` is of all that its answers depend on. */
  readonly answers: (sha256: string) => Promise<string>
  /** How those of earlier runs are taken. Default: as this run's own. */
  readonly keeping?: Keeping
  readonly environment: Environment
}

/** A model behind an API: it shows scores or labels, and each question is asked once. */
export interface EndpointModel extends AttackedModel {
  readonly endpoint: EndpointInfo
  /** What was asked until now. */
  use(): EndpointUse
  /** Asks the rows a second time, once a run: how many gave another label, or other scores, and how far off. */
  repeat(x: Float32Array, rows: number): Promise<Repeated>
}

/**
 * Opens a model behind an API: reads its metadata where the server offers any, and asks the first row, which tells what
 * its answers are like. Throws CONFIG_INVALID, ENDPOINT_FAILED, BUDGET_SPENT, MODEL_UNSUPPORTED, MODEL_OUTPUT_INVALID.
 */
export const openEndpoint = async (options: EndpointOptions): Promise<EndpointModel> => {
  const { config, output, preprocessing, data } = options
  const { url, protocol: id, note } = addressOf(config)
  const secrets = secretsFrom(config, options.environment)
  const protocol = protocols[id](config, url, data.columns)
  const count = newCount()
  let repeated: Repeated | undefined
  const requests: RequestOptions = {
    secrets,
    count,
    pacing: pacing(config.concurrency, config.rate),
    random: stream(0, 'endpoint', 'back-off'),
    limits: {
      timeout: config.timeout * 1000,
      largestAnswer: config['largest-answer'],
      retries: config.retries,
      longestWait: config['longest-wait'] * 1000,
    },
  }
  const metadata = await metadataOf(protocol, requests)
  const dims = dimsOf(metadata, options)
  const { gives, labels, scores, request, classes, layout, signature, columns } = config
  const described = sha256(
    canonicalJson({
      ...{ url: url.href, protocol: id, output, preprocessing, dims, gives, labels, scores, request, classes, layout },
      ...{ signature, columns: columns ?? data.columns, input: config.input, tensor: config.output, ...metadata },
    }),
  )
  const store = await openAnswerStore(await options.answers(described), options.keeping)
  try {
    const first = await data.first()
    const ask = asker({ config, protocol, metadata, dims, preprocessing, store, requests })
    const reading = await ask.settle(first, (item) => settleReading(item, config, output))
    const plain: Program = {
      cost: { forward: 1, gradient: 0 },
      run: async (rows, { x }) => ({ logits: await ask.logits(x as Float32Array, rows) }),
    }
    return {
      path: shownUrl(url),
      sha256: described,
      input: { name: config.input ?? metadata.input?.name ?? 'input', dims, dtype: 'float32' },
      classes: reading.classes,
      size: sizeOf(dims),
      differentiable: { ok: false, reason: 'the model is behind an API, which gives answers and no gradients' },
      output: { name: config.output ?? metadata.output?.name ?? protocol.place, kind: reading.kind },
      endpoint: {
        url: shownUrl(url),
        protocol: id,
        ...(metadata.name !== undefined && { name: metadata.name }),
        ...(metadata.version !== undefined && { version: metadata.version }),
        gives: reading.kind === 'predicted-class' ? 'labels' : 'scores',
        ...(note !== undefined && { note }),
      },
      async program(spec) {
        if (spec.key === forward.key) return plain
        throw new BartizanError(
          'GRAPH_OP_UNSUPPORTED',
          `"${spec.key}" needs the model's graph, and it is behind an API`,
          {
            hint: 'attacks on scores and labels work: square, hopskipjump',
          },
        )
      },
      async repeat(x, rows) {
        repeated = await ask.repeat(x, rows)
        return repeated
      },
      use: () => ({
        asked: store.asked,
        budget: config.budget,
        since: store.since,
        sent: store.sent,
        cached: ask.cached(),
        requests: count.requests,
        failed: count.failed,
        retried: count.retried,
        seconds: count.milliseconds / 1000,
        elapsed: count.first === undefined ? 0 : (count.last - count.first) / 1000,
        ...(repeated && { repeated }),
      }),
      release: () => store.close(),
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Nothing where the server offers none; a server that can't be reached is an error at once. */
const metadataOf = async ({ about, readMetadata }: Protocol, requests: RequestOptions): Promise<Metadata> => {
  if (!about) return {}
  try {
    return readMetadata((await answerTo({ url: about }, requests)).value)
  } catch (error) {
    const status = isBartizanError(error, 'ENDPOINT_FAILED') ? error.data.status : undefined
    if (status === 404 || status === 405 || status === 501 || status === 400 || status === 200) return {}
    throw error
  }
}

/** The shape of a row: declared, else the server's with open sizes from the data, else the data's. */
const dimsOf = ({ input }: Metadata, { shape, data }: EndpointOptions): readonly number[] => {
  if (shape) return shape
  const { dims } = input ?? {}
  if (!dims) return data.shape
  const open = dims.filter((dim) => dim === undefined).length
  if (open > 0 && dims.length !== data.shape.length) return data.shape
  return dims.map((dim, axis) => dim ?? data.shape[axis]!)
}
