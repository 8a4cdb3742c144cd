import { createHash, type Hash } from 'node:crypto'

/**
 * Hashes of resources that OpenSSF model signing v1.0 names, with the names that node:crypto has for them. BLAKE2b has
 * its full 64 bytes there. BLAKE3, the third, is not in node:crypto.
 */
const hashes = { sha256: { algorithm: 'sha256', bytes: 32 }, blake2b: { algorithm: 'blake2b512', bytes: 64 } } as const

export type HashType = keyof typeof hashes

export const hashTypes = Object.keys(hashes) as readonly HashType[]

export const isHashType = (name: string): name is HashType => Object.hasOwn(hashes, name)

export const createHasher = (type: HashType): Hash => createHash(hashes[type].algorithm)

/** Length of a digest in bytes. */
export const digestBytes = (type: HashType): number => hashes[type].bytes
