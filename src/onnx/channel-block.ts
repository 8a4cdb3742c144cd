import { createSession, modelOf } from './session.ts'
import type { Node } from './types.ts'

/** The runtime's own operators on values that are laid out in blocks of channels. */
export const blockedDomain = 'com.microsoft.nchwc'

let found: Promise<number | undefined> | undefined

/**
 * Channels in a block of the runtime's blocked layout (NCHWc: the channels of a block lie side by side, one vector of
 * the processor), found by laying out a few numbers. Undefined where the runtime has no such layout for this machine.
 */
export const channelBlock = (): Promise<number | undefined> => {
  found ??= probe()
  return found
}

/** Two pixels of many channels: the second pixel's first channel comes right after the first pixel's block. */
const probe = async (): Promise<number | undefined> => {
  const dims = [1, 64, 1, 2]
  const node: Node = {
    name: 'r',
    op: 'ReorderInput',
    domain: blockedDomain,
    inputs: ['x'],
    outputs: ['y'],
    attributes: {},
  }
  const graph = {
    name: 'probe',
    nodes: [node],
    inputs: [{ name: 'x', dtype: 'float32', dims }],
    outputs: [{ name: 'y', dtype: 'float32', dims }],
    initializers: new Map(),
  } as const
  const model = { ...modelOf(graph), opsets: { '': 21, [blockedDomain]: 1 } }
  const session = await createSession(model).catch(() => undefined)
  if (!session) return undefined
  try {
    const data = Float32Array.from({ length: 128 }, (_, i) => i)
    const { y } = await session.run({ x: { dtype: 'float32', dims, data } })
    const block = (y!.data as Float32Array).indexOf(1)
    return block > 1 && 64 % block === 0 ? block : undefined
  } finally {
    await session.release()
  }
}
