import { createHash } from 'node:crypto'
import { BartizanError } from '../../../base/errors.ts'
import { type Consent, permissionSchema } from '../../../contract/data-record.ts'
import { strictestConsent, useOf } from '../../lineage/consent.ts'
import type { Claims } from '../croissant-read.ts'
import { jsonOf } from '../json-members.ts'
import { brokenManifest, type CborValue, decodeCbor } from './cbor.ts'
import { readJumbf, type Superbox } from './jumbf.ts'

/** Bytes of the asset that the manifest says it is of, hashed apart from the ranges that are left out. */
export interface HardBinding {
  readonly algorithm: string
  readonly digest: string
  readonly exclusions: readonly { readonly start: number; readonly length: number }[]
}

export interface C2pa {
  readonly claims: Claims
  readonly binding: HardBinding | undefined
}

const hashes: readonly string[] = ['sha256', 'sha384', 'sha512']

const mapOf = (value: unknown): ReadonlyMap<unknown, unknown> => {
  if (value instanceof Map) return value
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value))
    : new Map()
}
const textIn = (map: ReadonlyMap<unknown, unknown>, key: string): string | undefined => {
  const value = map.get(key)
  return typeof value === 'string' ? value : undefined
}
const listIn = (map: ReadonlyMap<unknown, unknown>, key: string): readonly unknown[] => {
  const value = map.get(key)
  return Array.isArray(value) ? value : []
}
const bytesIn = (map: ReadonlyMap<unknown, unknown>, key: string): Uint8Array | undefined => {
  const value = map.get(key)
  return value instanceof Uint8Array ? value : undefined
}

const contentOf = ({ contents, label }: Superbox): CborValue | unknown => {
  const [first] = contents.filter(({ type }) => type === 'cbor' || type === 'json')
  if (first === undefined) throw brokenManifest(`${label} has no content`)
  return first.type === 'cbor' ? decodeCbor(first.data) : jsonOf(Buffer.from(first.data).toString('utf8'))
}

const childOf = ({ children }: Superbox, type: string): Superbox | undefined =>
  children.find((child) => child.type === type)

const isLabelled = (label: string, name: string): boolean => label.replace(/__\d+$/, '') === name

interface Mining {
  readonly consent: Consent
  readonly entries: readonly { readonly use: string; readonly answer: string; readonly constraint?: string }[]
  readonly warnings: readonly string[]
}

/** What a training-mining assertion answers. An answer that is none of the three is never taken for a permission. */
const miningOf = (content: ReadonlyMap<unknown, unknown>): Mining => {
  const entries = [...mapOf(content.get('entries'))].flatMap(([key, entry]) => {
    const found = mapOf(entry)
    const constraint = textIn(found, 'constraint_info') ?? textIn(found, 'constraints_info')
    return typeof key === 'string' && key !== ''
      ? [{ use: key, answer: textIn(found, 'use') ?? '', ...(constraint !== undefined && { constraint }) }]
      : []
  })
  const answers = entries.map(({ use, answer }) => ({ use, answer, read: permissionSchema.safeParse(answer) }))
  return {
    consent: strictestConsent(answers.map(({ use, read }) => ({ [useOf(use)]: read.data ?? 'notAllowed' }))),
    entries,
    warnings: answers
      .filter(({ read }) => !read.success)
      .map(({ use, answer }) => `its answer to ${use}, "${answer.slice(0, 40)}", is none: taken for notAllowed`),
  }
}

/** Compares the assertions with the digests in the claim, and names those that the claim does not list. */
const unlisted = (assertions: readonly Superbox[], claim: ReadonlyMap<unknown, unknown>): readonly string[] => {
  const references = ['assertions', 'created_assertions', 'gathered_assertions']
    .flatMap((key) => listIn(claim, key))
    .map(mapOf)
  const whole = textIn(claim, 'alg') ?? 'sha256'
  return assertions.flatMap(({ label, payload }) => {
    const reference = references.find((each) => textIn(each, 'url')?.split('/').at(-1) === label)
    if (reference === undefined) return [label]
    const algorithm = textIn(reference, 'alg') ?? whole
    if (!hashes.includes(algorithm)) return [label]
    const claimed = Buffer.from(bytesIn(reference, 'hash') ?? []).toString('hex')
    if (createHash(algorithm).update(payload).digest('hex') !== claimed)
      throw new BartizanError('EVIDENCE_INVALID', `the assertion ${label} is not the one that its C2PA claim lists`, {
        hint: 'the manifest was changed after it was made: get the file from its source again',
        data: { label, algorithm, claimed },
      })
    return []
  })
}

const bindingOf = (assertions: readonly Superbox[]): HardBinding | undefined => {
  const found = assertions.find(({ label }) => isLabelled(label, 'c2pa.hash.data'))
  if (found === undefined) return undefined
  const content = mapOf(contentOf(found))
  const algorithm = textIn(content, 'alg') ?? 'sha256'
  const exclusions = listIn(content, 'exclusions').map((each) => ({
    start: Number(mapOf(each).get('start')),
    length: Number(mapOf(each).get('length')),
  }))
  const isSound = exclusions.every(({ start, length }) =>
    [start, length].every((n) => Number.isSafeInteger(n) && n >= 0),
  )
  const hash = bytesIn(content, 'hash')
  if (!isSound || hash === undefined || !hashes.includes(algorithm)) return undefined
  return { algorithm, digest: Buffer.from(hash).toString('hex'), exclusions }
}

interface Manifest {
  readonly label: string
  readonly generator: string | undefined
  readonly assertions: readonly Superbox[]
  readonly mining: readonly Mining[]
  readonly unlisted: readonly string[]
}

const generatorOf = (claim: ReadonlyMap<unknown, unknown>): string | undefined => {
  const info = claim.get('claim_generator_info')
  const [first] = Array.isArray(info) ? info : [info]
  return textIn(claim, 'claim_generator') ?? textIn(mapOf(first), 'name')
}

const manifestOf = (box: Superbox): Manifest => {
  const claimBox = childOf(box, 'c2cl')
  if (claimBox === undefined) throw brokenManifest(`the manifest ${box.label} has no claim`)
  const claim = mapOf(contentOf(claimBox))
  const assertions = childOf(box, 'c2as')?.children ?? []
  const left = unlisted(assertions, claim)
  const listed = assertions.filter(({ label }) => !left.includes(label))
  return {
    label: box.label,
    generator: generatorOf(claim),
    assertions: listed,
    mining: listed
      .filter(({ label }) => ['c2pa.training-mining', 'cawg.training-mining'].some((name) => isLabelled(label, name)))
      .map((assertion) => miningOf(mapOf(contentOf(assertion)))),
    unlisted: left,
  }
}

/**
 * Reads a C2PA manifest store (C2PA 2.x; JUMBF with CBOR) for what it says of training and data mining: the assertions
 * c2pa.training-mining and cawg.training-mining (CAWG 1.1). The active manifest is the last; those of ingredients count
 * too, since the asset was made of them. Assertions are compared with the digests in their claim (EVIDENCE_INVALID);
 * the claim's signature is not checked, which the result says. Throws DATA_FORMAT_UNSUPPORTED.
 */
export const readC2pa = (jumbf: Uint8Array): C2pa => {
  const boxes = readJumbf(jumbf).children
  const compressed = boxes.filter(({ type }) => type === 'c2cm')
  const manifests = boxes.filter(({ type }) => type === 'c2ma' || type === 'c2um').map(manifestOf)
  const active = manifests.at(-1)
  if (active === undefined) throw brokenManifest('its store holds no manifest that is not compressed')
  const own = strictestConsent(active.mining.map(({ consent }) => consent))
  const consent = strictestConsent(manifests.flatMap(({ mining }) => mining.map((each) => each.consent)))
  const inherited = Object.keys(consent).filter((use) => consent[use] !== own[use])
  return {
    claims: {
      format: 'c2pa',
      licences: [],
      source: undefined,
      consent,
      digests: {},
      kept: {
        manifest: active.label,
        generator: active.generator,
        assertions: active.assertions.map(({ label }) => label),
        trainingMining: manifests.flatMap(({ label, mining }) =>
          mining.map(({ entries }) => ({ manifest: label, entries })),
        ),
        signature: 'claimed, signature not checked',
      },
      warnings: [
        'who signed it was not checked: its answers are claims',
        ...manifests.flatMap(({ mining }) => mining.flatMap(({ warnings }) => warnings)),
        ...(inherited.length > 0 ? [`an ingredient of it answers ${inherited.join(', ')}`] : []),
        ...manifests.flatMap((manifest) =>
          manifest.unlisted.map(
            (label) => `the claim does not list the assertion ${label}, or not in a way known here: left out`,
          ),
        ),
        ...(compressed.length > 0 ? [`${compressed.length} compressed manifests were not read`] : []),
        ...(Object.keys(consent).length === 0 ? ['it says nothing on training or data mining'] : []),
      ],
    },
    binding: bindingOf(active.assertions),
  }
}
