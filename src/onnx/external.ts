import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, resolve, sep } from 'node:path'
import { BartizanError } from '../base/errors.ts'

/** Where a tensor's bytes lie outside the model file. */
export interface ExternalReference {
  readonly tensor: string
  readonly location: string
  readonly offset: number
  readonly length: number
}

export type ReadExternal = (reference: ExternalReference) => Uint8Array

const unsafe = ({ tensor, location }: ExternalReference, why: string): BartizanError =>
  new BartizanError('MODEL_UNSAFE', `tensor "${tensor}" asks for its data from "${location}": ${why}`, {
    hint: 'weights may lie in plain files in the folder of the model, or below it',
    data: { tensor, location },
  })

export const refuseExternal: ReadExternal = (reference) => {
  throw unsafe(reference, 'there is no folder to read it from')
}

/** Reads external data from the model's own folder only: no absolute path, no way up, no link that leads out. */
export const externalFrom = (modelPath: string): ReadExternal => {
  const folder = realpathSync(dirname(resolve(modelPath)))
  return (reference) => {
    const { location, offset, length, tensor } = reference
    if (isAbsolute(location) || location.includes('\0') || location.split(/[\\/]/).includes('..'))
      throw unsafe(reference, 'that is outside the folder of the model')
    const path = realPath(resolve(folder, location), reference)
    if (!path.startsWith(folder + sep)) throw unsafe(reference, 'a link leads outside the folder of the model')
    const file = openSync(path, 'r')
    try {
      const stat = fstatSync(file)
      if (!stat.isFile()) throw unsafe(reference, 'that is not a plain file')
      if (offset + length > stat.size)
        throw new BartizanError(
          'MODEL_CORRUPT',
          `tensor "${tensor}" needs bytes ${offset} to ${offset + length} of "${location}", which has ${stat.size}`,
        )
      const bytes = new Uint8Array(length)
      for (let done = 0; done < length; ) {
        const count = readSync(file, bytes, done, length - done, offset + done)
        if (count === 0) throw new BartizanError('MODEL_CORRUPT', `"${location}" ended while it was read`)
        done += count
      }
      return bytes
    } finally {
      closeSync(file)
    }
  }
}

const realPath = (path: string, { tensor, location }: ExternalReference): string => {
  try {
    return realpathSync(path)
  } catch (cause) {
    throw new BartizanError('FILE_NOT_FOUND', `tensor "${tensor}" needs the file "${location}" beside the model`, {
      hint: 'large models are exported as several files: keep them together',
      cause,
    })
  }
}
