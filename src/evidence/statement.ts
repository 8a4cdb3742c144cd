import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { sha256Schema } from '../contract/index.ts'
import { parseJson } from './json.ts'

export const statementType = 'https://in-toto.io/Statement/v1'
/** DSSE payload type of an in-toto statement. */
export const statementPayloadType = 'application/vnd.in-toto+json'

/** What a statement is about: an artefact by name and SHA-256. Other digests may stand beside it. */
const subjectSchema = z.looseObject({
  name: z.string().min(1),
  digest: z.looseObject({ sha256: sha256Schema }),
})

const statementSchema = z.looseObject({
  _type: z.literal(statementType),
  subject: z.array(subjectSchema).min(1),
  predicateType: z.url(),
  predicate: z.record(z.string(), z.unknown()).optional(),
})

export interface Subject {
  /** Path or name by which the reader finds the artefact. */
  readonly name: string
  readonly digest: { readonly sha256: string }
}

/** in-toto Statement v1: what is claimed (predicate) about what (subjects). */
export interface Statement {
  readonly _type: typeof statementType
  readonly subject: readonly Subject[]
  /** URI that says how to read the predicate. */
  readonly predicateType: string
  /** Plain JSON; checked by whoever knows the predicate type. */
  readonly predicate?: Readonly<Record<string, unknown>>
}

/** A statement about the given subjects. Throws EVIDENCE_INVALID on a wrong digest, no subject, or no URI. */
export const createStatement = (content: Omit<Statement, '_type'>): Statement =>
  parseStatement(statementBytes({ _type: statementType, ...content }))

/** The statement's one byte sequence (RFC 8785): what is signed, so that the same claim has the same signature. */
export const statementBytes = (statement: Statement): Uint8Array => new TextEncoder().encode(canonicalJson(statement))

/** Reads a DSSE payload; members that the standard doesn't know are kept, as it asks. Throws EVIDENCE_INVALID. */
export const parseStatement = (payload: Uint8Array): Statement =>
  parseJson(payload, statementSchema, 'the in-toto statement')
