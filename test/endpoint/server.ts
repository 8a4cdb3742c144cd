import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AttackedModel } from '../../src/models/attacked-model.ts'
import { member } from '../../src/models/endpoint/answer-json.ts'
import { rowDigest } from '../../src/models/endpoint/answer-store.ts'
import { forward } from '../../src/models/program.ts'

/** What the server does in place of answering, told the number of the request (from 0). */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly text?: string }
  | 'reset'
  | 'slow'
  | 'silent'
  | 'truncated'

export interface ServerOptions {
  readonly model: AttackedModel
  /** Turns a request's rows' probabilities [rows][classes] into an answer; default by the path asked. */
  readonly answer?: (probabilities: number[][], request: number) => unknown
  readonly fault?: (request: number, path: string) => Fault | undefined
  readonly metadata?: boolean
}

/** A model server on a free port: our engine behind the protocols, as their own servers speak them. */
export interface ModelServer {
  readonly url: string
  /** How often each row was answered, by the digest of its values. */
  readonly answered: Map<string, number>
  /** Requests for predictions, headers included. */
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly at: number; readonly rows: number }[]
  close(): Promise<void>
}

export const modelServer = async ({ model, answer, fault, metadata = true }: ServerOptions): Promise<ModelServer> => {
  const answered = new Map<string, number>()
  const requests: ModelServer['requests'] = []
  const { size } = model

  const predict = async (values: number[]): Promise<number[][]> => {
    const rows = values.length / size
    if (!Number.isInteger(rows)) throw new Error('rows of another size')
    const x = Float32Array.from(values)
    const { logits } = await (await model.program(forward)).run(rows, { x })
    for (let row = 0; row < rows; row++) {
      const digest = rowDigest(x.subarray(row * size, (row + 1) * size))
      answered.set(digest, (answered.get(digest) ?? 0) + 1)
    }
    return Array.from({ length: rows }, (_, row) => {
      const scores = [...logits!.subarray(row * model.classes, (row + 1) * model.classes)]
      const largest = Math.max(...scores)
      const shares = scores.map((score) => Math.exp(score - largest))
      const sum = shares.reduce((a, b) => a + b, 0)
      return shares.map((share) => share / sum)
    })
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? ''
    const json = (value: unknown, status = 200): void => {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      response.writeHead(status, { 'content-type': 'application/json' }).end(text)
    }
    if (request.method === 'GET') {
      if (!metadata) return json({ error: 'not here' }, 404)
      if (path === '/v2/models/m')
        return json({
          name: 'm',
          versions: ['3'],
          platform: 'test',
          inputs: [{ name: 'pixels', datatype: 'FP32', shape: [-1, ...model.input.dims] }],
          outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [-1, model.classes] }],
        })
      if (path === '/v1/models/m/metadata') {
        const tensor = (dims: readonly number[]) => ({
          dtype: 'DT_FLOAT',
          tensor_shape: { dim: [-1, ...dims].map((dim) => ({ size: String(dim), name: '' })), unknown_rank: false },
        })
        const definition = { inputs: { x: tensor(model.input.dims) }, outputs: { y: tensor([model.classes]) } }
        return json({
          model_spec: { name: 'm', signature_name: '', version: '7' },
          metadata: { signature_def: { signature_def: { serving_default: definition } } },
        })
      }
      return json({ error: 'not here' }, 404)
    }
    const number = requests.length
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const body: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'))
    const values = valuesIn(path, body)
    requests.push({ headers: request.headers, at: performance.now(), rows: values.length / size })
    const wrong = fault?.(number, path)
    if (wrong === 'reset') {
      request.socket.destroy()
      return
    }
    if (wrong === 'silent') return
    if (wrong === 'slow') await new Promise((resolve) => setTimeout(resolve, 2500))
    if (typeof wrong === 'object') {
      response.writeHead(wrong.status, wrong.headers).end(wrong.text ?? '')
      return
    }
    const probabilities = await predict(values)
    const value = answer ? answer(probabilities, number) : plainAnswer(path, body, probabilities)
    if (wrong === 'truncated') return json(JSON.stringify(value).slice(0, -20))
    json(value)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.writeHead(400).end(JSON.stringify({ error: String(error) }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    answered,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** All numbers of the rows, in order, wherever the protocol has them. */
const valuesIn = (path: string, body: unknown): number[] => {
  const rows = path.startsWith('/v2')
    ? member((member(body, 'inputs') as unknown[])[0], 'data')
    : path.startsWith('/v1')
      ? (member(body, 'instances') ?? member(body, 'inputs'))
      : (member(member(body, 'dataframe_split'), 'data') ??
        member(body, 'inputs') ??
        member(body, 'rows') ??
        member(body, 'row'))
  const numbers: number[] = []
  const walk = (value: unknown): void => {
    if (typeof value === 'number') numbers.push(value)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk)
  }
  walk(rows)
  return numbers
}

const plainAnswer = (path: string, body: unknown, probabilities: number[][]): unknown => {
  if (path.startsWith('/v2'))
    return {
      model_name: 'm',
      outputs: [
        {
          name: 'probabilities',
          datatype: 'FP32',
          shape: [probabilities.length, probabilities[0]!.length],
          data: probabilities.flat(),
        },
      ],
    }
  if (path.startsWith('/v1'))
    return member(body, 'instances') ? { predictions: probabilities } : { outputs: probabilities }
  return { predictions: probabilities }
}
