import { blockedDomain, channelBlock } from '../onnx/channel-block.ts'
import { blockedConvolutions } from '../onnx/rewrite/blocked-convolutions.ts'
import { liveNodes } from '../onnx/rewrite/live-nodes.ts'
import { inStages } from '../onnx/rewrite/stages.ts'
import { createSession, type Feeds, modelOf, type Session } from '../onnx/session.ts'
import type { Graph, Model } from '../onnx/types.ts'

/** A graph that reads weights and rows, made ready for many runs with the same weights. */
export interface StepSession {
  /** Computes what the weights alone decide; the result runs some rows. Feeds that the graph doesn't read are left out. */
  withWeights(weights: Feeds): Promise<Session['run']>
  release(): Promise<void>
}

export interface StepSessionOptions {
  /** The model that the graph is part of. */
  readonly like: Model
  /** Inputs that are weights. */
  readonly weights: readonly string[]
  readonly threads: number
}

/** Compiles a graph whose weights are inputs. Throws MODEL_UNSUPPORTED with the runtime's reason. */
export const stepSession = async (
  graph: Graph,
  { like, weights, threads }: StepSessionOptions,
): Promise<StepSession> => {
  const block = await channelBlock()
  const live = liveNodes(graph)
  const { first, second } = inStages(block ? liveNodes(blockedConvolutions(live, block)) : live, new Set(weights))
  const opened = (stage: Graph): Promise<Session> => {
    const model = modelOf(stage, like)
    return createSession(block ? { ...model, opsets: { ...model.opsets, [blockedDomain]: 1 } } : model, {
      threads,
      profile: process.env.BZPROF,
    })
  }
  const main = await opened(second)
  const before = first && (await opened(first))
  return {
    async withWeights(given) {
      const decided = before ? await before.run(only(given, before)) : {}
      return (rows, into) => main.run(only({ ...given, ...decided, ...rows }, main), into)
    },
    async release() {
      await main.release()
      await before?.release()
    },
  }
}

const only = (feeds: Feeds, { inputs }: Session): Feeds =>
  Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs.includes(name)))
