import type { X509Certificate } from 'node:crypto'
import { derTags, onlyValue, valuesIn } from './der.ts'

/** Object identifiers, as the hexadecimal of their DER content. */
export const oids = {
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  basicConstraints: '551d13',
  alternativeNames: '551d11',
  policies: '551d20',
  codeSigning: '2b06010505070303',
  anyUsage: '551d2500',
  signedTimestamps: '2b06010401d679020402',
  fulcioIssuer: '2b0601040183bf300101',
  fulcioIssuerV2: '2b0601040183bf300108',
} as const

export interface Extension {
  readonly isCritical: boolean
  /** Content of the octet string: DER of the extension's own type. */
  readonly value: Buffer
}

const extensionsTag = 0xa3

/** The fields of the part of a certificate that its issuer signed. */
export const signedFields = (certificate: X509Certificate) =>
  valuesIn(valuesIn(onlyValue(certificate.raw).content)[0].content)

/** Extensions of a certificate by object identifier. Throws EVIDENCE_INVALID. */
export const extensionsOf = (certificate: X509Certificate): ReadonlyMap<string, Extension> => {
  const wrapper = signedFields(certificate).find(({ tag }) => tag === extensionsTag)
  const list = wrapper === undefined ? [] : valuesIn(onlyValue(wrapper.content).content)
  return new Map(
    list.map(({ content }) => {
      const members = valuesIn(content)
      const isCritical = members.some(({ tag, content: flag }) => tag === derTags.boolean && flag[0] !== 0)
      return [members[0].content.toString('hex'), { isCritical, value: members[members.length - 1].content }]
    }),
  )
}

/** Whether KeyUsage allows digital signatures (its first bit); undefined where it is not stated. */
export const allowsSignatures = (extensions: ReadonlyMap<string, Extension>): boolean | undefined => {
  const usage = extensions.get(oids.keyUsage)
  if (usage === undefined) return undefined
  const { content } = onlyValue(usage.value)
  return content.length > 1 && (content[1] & 0x80) !== 0
}

/** Whether ExtendedKeyUsage names code signing; undefined where it is not stated. */
export const allowsCodeSigning = (extensions: ReadonlyMap<string, Extension>): boolean | undefined => {
  const usage = extensions.get(oids.extendedKeyUsage)
  if (usage === undefined) return undefined
  const named = valuesIn(onlyValue(usage.value).content).map(({ content }) => content.toString('hex'))
  return named.includes(oids.codeSigning) || named.includes(oids.anyUsage)
}

/** How many authorities may stand between this one and a signer's certificate; undefined where it is not limited. */
export const pathLength = (extensions: ReadonlyMap<string, Extension>): number | undefined => {
  const constraints = extensions.get(oids.basicConstraints)
  if (constraints === undefined) return undefined
  const limit = valuesIn(onlyValue(constraints.value).content).find(({ tag }) => tag === 0x02)
  return limit === undefined ? undefined : limit.content.readUIntBE(0, Math.min(6, limit.content.length))
}
