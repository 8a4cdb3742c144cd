import type { Detector } from './detector.ts'
import { address } from './detectors/address.ts'
import { bic } from './detectors/bic.ts'
import { cryptoAddress } from './detectors/crypto-address.ts'
import { dateOfBirth } from './detectors/date-of-birth.ts'
import { driverLicence } from './detectors/driver-licence.ts'
import { email } from './detectors/email.ts'
import { geo } from './detectors/geo.ts'
import { iban } from './detectors/iban.ts'
import { ip } from './detectors/ip.ts'
import { mac } from './detectors/mac.ts'
import { numbers } from './detectors/numbers.ts'
import { passport } from './detectors/passport.ts'
import { person } from './detectors/person.ts'
import { phone } from './detectors/phone.ts'
import { postcode } from './detectors/postcode.ts'
import { secret } from './detectors/secret.ts'
import { url } from './detectors/url.ts'

/** Every detector; the order says nothing, since the better of two hits wins. */
export const detectors: readonly Detector[] = [
  address,
  bic,
  cryptoAddress,
  dateOfBirth,
  driverLicence,
  email,
  geo,
  iban,
  ip,
  mac,
  numbers,
  passport,
  person,
  phone,
  postcode,
  secret,
  url,
]
