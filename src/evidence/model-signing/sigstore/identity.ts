import type { X509Certificate } from 'node:crypto'
import { BartizanError } from '../../../base/errors.ts'
import { onlyValue, valuesIn } from '../certificate/der.ts'
import { extensionsOf, oids } from '../certificate/extensions.ts'

/** Who signed, as an OpenID Connect provider told Sigstore's authority. */
export interface Identity {
  /** An e-mail address or a URI. */
  readonly subject: string
  /** URL of the provider. */
  readonly issuer: string
}

const emailTag = 0x81
const uriTag = 0x86

/** The one identity in a certificate of Sigstore's authority (Fulcio). Throws EVIDENCE_INVALID. */
export const identityIn = (certificate: X509Certificate): Identity => {
  const extensions = extensionsOf(certificate)
  const names = extensions.get(oids.alternativeNames)
  const subjects = (names === undefined ? [] : valuesIn(onlyValue(names.value).content))
    .filter(({ tag }) => tag === emailTag || tag === uriTag)
    .map(({ content }) => content.toString('latin1'))
  const newer = extensions.get(oids.fulcioIssuerV2)
  // The older extension holds the bare text, the newer one a DER string.
  const issuer = newer === undefined ? extensions.get(oids.fulcioIssuer)?.value : onlyValue(newer.value).content
  if (subjects.length === 1 && issuer !== undefined) return { subject: subjects[0], issuer: issuer.toString('utf8') }
  throw new BartizanError(
    'EVIDENCE_INVALID',
    `the signer's certificate names ${subjects.length} identities, expected 1`,
  )
}
