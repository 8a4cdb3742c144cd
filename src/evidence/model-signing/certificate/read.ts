import { X509Certificate } from 'node:crypto'
import { BartizanError } from '../../../base/errors.ts'
import { readIfPresent } from '../../durable-file.ts'

const pemPattern = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/g
const maximumBytes = 1 << 20

/** All certificates of a PEM file, in order. Throws FILE_NOT_FOUND, FILE_UNREADABLE and CONFIG_INVALID. */
export const readCertificates = (path: string): readonly X509Certificate[] => {
  const bytes = readIfPresent(path)
  if (bytes === undefined)
    throw new BartizanError('FILE_NOT_FOUND', `there is no certificate at ${path}`, { data: { path } })
  const found = bytes.length > maximumBytes ? null : Buffer.from(bytes).toString('latin1').match(pemPattern)
  try {
    if (found !== null) return found.map((pem) => new X509Certificate(pem))
  } catch (cause) {
    throw new BartizanError('CONFIG_INVALID', `${path} holds a certificate that can't be read`, {
      data: { path },
      cause,
    })
  }
  throw new BartizanError('CONFIG_INVALID', `${path} holds no certificates in PEM`, { data: { path } })
}
