import {
  again,
  birth,
  digits,
  type IdMaker,
  letters,
  luhnDigit,
  mod1110,
  pad,
  pick,
  sum,
  verhoeff,
  ymd,
} from './check-digits.ts'

/** More national numbers, by their published rules. */
export const idsTwo: readonly IdMaker[] = [
  {
    what: 'gb-nhs',
    region: 'GB',
    name: 'NHS number',
    make: (rng) =>
      again(() => {
        const n = `4${digits(rng, 8)}`
        const c = (11 - (sum(n, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11
        return c < 10 ? `${n.slice(0, 3)} ${n.slice(3, 6)} ${n.slice(6)}${c}` : undefined
      }),
  },
  {
    what: 'gb-nino',
    region: 'GB',
    name: 'National Insurance number',
    unchecked: true,
    make: (rng) => {
      const n = digits(rng, 6)
      return `${['AB', 'CE', 'JG', 'HP', 'SR', 'TW'][rng.integer(6)]} ${n.slice(0, 2)} ${n.slice(2, 4)} ${n.slice(4)} ${pick(rng, 'ABCD')}`
    },
  },
  {
    what: 'us-ssn',
    region: 'US',
    name: 'SSN',
    unchecked: true,
    make: (rng) => `${pad(1 + rng.integer(665), 3)}-${pad(1 + rng.integer(99), 2)}-${pad(1 + rng.integer(9999), 4)}`,
  },
  {
    what: 'ch-ahv',
    region: 'CH',
    name: 'AHV',
    make: (rng) => {
      const n = `756${digits(rng, 9)}`
      const c = (10 - (sum(n, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10
      return `756.${n.slice(3, 7)}.${n.slice(7, 11)}.${n.slice(11)}${c}`
    },
  },
  {
    what: 'be-nn',
    region: 'BE',
    name: 'rijksregisternummer',
    make: (rng) => {
      const n = ymd(birth(rng)) + pad(1 + rng.integer(900), 3)
      return `${n.slice(0, 2)}.${n.slice(2, 4)}.${n.slice(4, 6)}-${n.slice(6)}.${pad(97 - (Number(n) % 97), 2)}`
    },
  },
  {
    what: 'in-aadhaar',
    region: 'IN',
    name: 'Aadhaar',
    make: (rng) => {
      const n = `${2 + rng.integer(8)}${digits(rng, 10)}`
      const full = n + verhoeff(n)
      return `${full.slice(0, 4)} ${full.slice(4, 8)} ${full.slice(8)}`
    },
  },
  {
    what: 'za-id',
    region: 'ZA',
    name: 'South African ID',
    make: (rng) => {
      const n = `${ymd(birth(rng))}${digits(rng, 4)}${rng.integer(2)}8`
      return n + luhnDigit(n)
    },
  },
  {
    what: 'mx-curp',
    region: 'MX',
    name: 'CURP',
    make: (rng) => {
      const n = `${letters(rng, 1, 'BCDFGHJKLMNPRSTVZ')}${letters(rng, 1, 'AEIOU')}${letters(rng, 2, 'BCDFGHJKLMNPRSTVZ')}${ymd(birth(rng))}${pick(rng, 'HM')}${['DF', 'JC', 'NL', 'MC', 'OC'][rng.integer(5)]}${letters(rng, 3, 'BCDFGHJKLMNPRSTVZ')}0`
      const values = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ'
      const total = [...n].reduce((t, char, i) => t + values.indexOf(char) * (18 - i), 0)
      return n + ((10 - (total % 10)) % 10)
    },
  },
  {
    what: 'ro-cnp',
    region: 'RO',
    name: 'CNP',
    make: (rng) => {
      const n = `${1 + rng.integer(2)}${ymd(birth(rng))}${pad(1 + rng.integer(46), 2)}${pad(1 + rng.integer(900), 3)}`
      const c = sum(n, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
      return n + (c === 10 ? 1 : c)
    },
  },
  {
    what: 'bg-egn',
    region: 'BG',
    name: 'ЕГН',
    make: (rng) => {
      const n = ymd(birth(rng)) + digits(rng, 3)
      return n + ((sum(n, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10)
    },
  },
  {
    what: 'hr-oib',
    region: 'HR',
    name: 'OIB',
    make: (rng) => {
      const n = digits(rng, 10)
      return n + mod1110(n)
    },
  },
  {
    what: 'pt-nif',
    region: 'PT',
    name: 'NIF',
    make: (rng) => {
      const n = `2${digits(rng, 7)}`
      const c = 11 - (sum(n, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)
      return n + (c > 9 ? 0 : c)
    },
  },
  {
    what: 'sg-nric',
    region: 'SG',
    name: 'NRIC',
    make: (rng) => {
      const n = digits(rng, 7)
      return `S${n}${'JZIHGFEDCBA'[sum(n, [2, 7, 6, 5, 4, 3, 2]) % 11]}`
    },
  },
  {
    what: 'cl-rut',
    region: 'CL',
    name: 'RUT',
    make: (rng) => {
      const n = `${1 + rng.integer(2)}${digits(rng, 7)}`
      const c = 11 - (sum(n, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)
      return `${n.slice(0, 2)}.${n.slice(2, 5)}.${n.slice(5)}-${c === 11 ? '0' : c === 10 ? 'K' : c}`
    },
  },
]
