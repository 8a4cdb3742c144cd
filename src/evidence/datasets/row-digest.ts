import { createHash } from 'node:crypto'
import { type Hash, leafHash } from '../merkle.ts'

const rowDomain = Buffer.from('bartizan.dev/data/row/v1\n')
const valueDomain = Buffer.from('bartizan.dev/data/value/v1\n')

/** The salt's length stands before it, so that salt and content can't be moved across their border. */
const salted = (domain: Uint8Array, salt: Uint8Array, content: Uint8Array): Uint8Array =>
  Buffer.concat([domain, Uint8Array.of(salt.length), salt, content])

export const noSalt = new Uint8Array(0)

/** A row's leaf in the tree of its chunk's rows. With a secret salt it tells nothing of the row. */
export const rowLeaf = (row: Uint8Array, salt: Uint8Array): Hash => leafHash(salted(rowDomain, salt, row))

/** A value's digest in the sorted set that absence is proved from. One salt serves the set: else none could be looked up. */
export const valueDigest = (value: Uint8Array, salt: Uint8Array): Hash =>
  createHash('sha256')
    .update(salted(valueDomain, salt, value))
    .digest()

/** Bytes of a column's value, apart from those of any whole row: JSON of [column, value] behind a zero. */
export const keyValue = (column: string, value: string): Uint8Array =>
  Buffer.from(`\0${JSON.stringify([column, value])}`)
