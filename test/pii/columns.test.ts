import { describe, expect, it } from 'vitest'
import { columnKinds } from '../../src/screening/pii/index.ts'

describe('columnKinds', () => {
  it.each([
    ['email', 'email'],
    ['customerEmail', 'email'],
    ['E-Mail-Adresse', 'email'],
    ['phone_number', 'phone'],
    ['Téléphone', 'phone'],
    ['telefono', 'phone'],
    ['first_name', 'person'],
    ['Nachname', 'person'],
    ['apellidos', 'person'],
    ['name', 'person'],
    ['SSN', 'national-id'],
    ['codice_fiscale', 'national-id'],
    ['IBAN', 'iban'],
    ['cc_number', 'card'],
    ['date_of_birth', 'date-of-birth'],
    ['fechaNacimiento', 'date-of-birth'],
    ['дата рождения', 'date-of-birth'],
    ['生年月日', 'date-of-birth'],
    ['street_address', 'address'],
    ['PLZ', 'postcode'],
    ['client_ip', 'ip'],
    ['api_key', 'secret'],
  ])('%s suggests %s', (name, kind) => {
    expect(columnKinds(name)[0]?.kind).toBe(kind)
  })

  it.each([
    'product_name',
    'file_name',
    'email_verified',
    'phone_type',
    'order_id',
    'description',
    'clip',
    'relationship',
    'has_email',
    'publication',
    'zippered',
    '',
  ])('%s suggests nothing', (name) => {
    expect(columnKinds(name)).toEqual([])
  })

  it('scores a whole name above a part of one', () => {
    expect(columnKinds('email')[0]!.score).toBeGreaterThan(columnKinds('billing_contact_email')[0]!.score)
  })
})
