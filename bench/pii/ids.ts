import type { Random } from '../../src/base/random.ts'

/**
 * Numbers with check digits, made from the published rules and not from the code that checks them. Each returns the
 * number as people write it.
 */
const digits = (rng: Random, count: number): string => Array.from({ length: count }, () => rng.integer(10)).join('')
const sum = (text: string, weights: readonly number[]): number =>
  weights.reduce((total, w, i) => total + w * Number(text[i]), 0)
const pad = (value: number, size: number): string => String(value).padStart(size, '0')
const pick = (rng: Random, from: string): string => from[rng.integer(from.length)]!
const letters = (rng: Random, count: number, from = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'): string =>
  Array.from({ length: count }, () => pick(rng, from)).join('')

const luhnDigit = (text: string): string => {
  let total = 0
  ;[...text].reverse().forEach((char, i) => {
    const doubled = Number(char) * (i % 2 === 0 ? 2 : 1)
    total += doubled > 9 ? doubled - 9 : doubled
  })
  return String((10 - (total % 10)) % 10)
}

const birth = (rng: Random) => ({ year: 1940 + rng.integer(59), month: 1 + rng.integer(12), day: 1 + rng.integer(28) })
const ymd = ({ year, month, day }: ReturnType<typeof birth>): string => pad(year % 100, 2) + pad(month, 2) + pad(day, 2)
const dmy = ({ year, month, day }: ReturnType<typeof birth>): string => pad(day, 2) + pad(month, 2) + pad(year % 100, 2)

const again = <T>(make: () => T | undefined): T => {
  for (;;) {
    const made = make()
    if (made !== undefined) return made
  }
}

export const cardNumber = (rng: Random): string => {
  const [prefix, length] = [
    ['4', 16],
    ['4', 16],
    ['51', 16],
    ['55', 16],
    ['2221', 16],
    ['34', 15],
    ['37', 15],
    ['6011', 16],
    ['65', 16],
    ['3530', 16],
    ['36', 14],
    ['62', 16],
  ][rng.integer(12)] as [string, number]
  const body = prefix + digits(rng, length - prefix.length - 1)
  const number = body + luhnDigit(body)
  if (rng.uniform() < 0.4) return number
  const separator = rng.uniform() < 0.6 ? ' ' : '-'
  const groups = length === 16 ? [4, 4, 4, 4] : length === 15 ? [4, 6, 5] : [4, 6, 4]
  return groups
    .map((size, i) => [size, groups.slice(0, i).reduce((total, one) => total + one, 0)] as const)
    .map(([size, from]) => number.slice(from, from + size))
    .join(separator)
}

const dniLetters = 'TRWAGMYFPDXBNJZSQVHLCKE'
const verhoeffD = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
  [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
  [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
  [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
  [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
  [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
  [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
  [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
  [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
]
const verhoeffP = (() => {
  const rows = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
  ]
  for (let i = 2; i < 8; i++)
    rows.push(rows[i - 1]!.map((_, j) => rows[1]![rows[i - 1]![j]!]!).map((_, j) => rows[i - 1]![rows[1]![j]!]!))
  return rows
})()
const verhoeff = (text: string): string => {
  for (let check = 0; check < 10; check++) {
    let c = 0
    ;[...`${text}${check}`].reverse().forEach((char, i) => {
      c = verhoeffD[c]![verhoeffP[i % 8]![Number(char)]!]!
    })
    if (c === 0) return String(check)
  }
  return '0'
}

const mod1110 = (text: string): string => {
  let product = 10
  for (const char of text) {
    let total = (Number(char) + product) % 10
    if (total === 0) total = 10
    product = (total * 2) % 11
  }
  return String((11 - product) % 10)
}

export interface IdMaker {
  readonly what: string
  readonly region: string
  /** How the number is called where it is used. */
  readonly name: string
  readonly make: (rng: Random) => string
  /** Has no check digit: a change of a digit makes another valid number. */
  readonly unchecked?: true
}

export const idMakers: readonly IdMaker[] = [
  {
    what: 'es-dni',
    region: 'ES',
    name: 'DNI',
    make: (rng) => {
      const n = digits(rng, 8)
      return `${n}${dniLetters[Number(n) % 23]}`
    },
  },
  {
    what: 'es-nie',
    region: 'ES',
    name: 'NIE',
    make: (rng) => {
      const p = rng.integer(3)
      const n = digits(rng, 7)
      return `${'XYZ'[p]}${n}${dniLetters[Number(`${p}${n}`) % 23]}`
    },
  },
  {
    what: 'pl-pesel',
    region: 'PL',
    name: 'PESEL',
    make: (rng) => {
      const n = ymd(birth(rng)) + digits(rng, 4)
      return n + ((10 - (sum(n, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10)
    },
  },
  {
    what: 'br-cpf',
    region: 'BR',
    name: 'CPF',
    make: (rng) => {
      const n = digits(rng, 9)
      const one = ((11 - (sum(n, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10
      const two = ((11 - (sum(`${n}${one}`, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10
      return `${n.slice(0, 3)}.${n.slice(3, 6)}.${n.slice(6)}-${one}${two}`
    },
  },
  {
    what: 'nl-bsn',
    region: 'NL',
    name: 'BSN',
    make: (rng) =>
      again(() => {
        const n = `1${digits(rng, 7)}`
        const c = sum(n, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
        return c < 10 ? n + c : undefined
      }),
  },
  {
    what: 'se-pnr',
    region: 'SE',
    name: 'personnummer',
    make: (rng) => {
      const n = ymd(birth(rng)) + digits(rng, 3)
      return `${n.slice(0, 6)}-${n.slice(6)}${luhnDigit(n)}`
    },
  },
  {
    what: 'fi-hetu',
    region: 'FI',
    name: 'henkilötunnus',
    make: (rng) => {
      const d = dmy(birth(rng))
      const n = pad(2 + rng.integer(898), 3)
      return `${d}-${n}${'0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(d + n) % 31]}`
    },
  },
  {
    what: 'no-fnr',
    region: 'NO',
    name: 'fødselsnummer',
    make: (rng) =>
      again(() => {
        const n = dmy(birth(rng)) + pad(rng.integer(500), 3)
        const one = (11 - (sum(n, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11
        const two = (11 - (sum(`${n}${one}`, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11
        return one < 10 && two < 10 ? `${n}${one}${two}` : undefined
      }),
  },
  {
    what: 'fr-nir',
    region: 'FR',
    name: 'numéro de sécurité sociale',
    make: (rng) => {
      const b = birth(rng)
      const n = `${1 + rng.integer(2)}${pad(b.year % 100, 2)}${pad(b.month, 2)}${pad(1 + rng.integer(95), 2).replace('20', '21')}${pad(1 + rng.integer(500), 3)}${pad(1 + rng.integer(900), 3)}`
      const key = pad(97 - Number(BigInt(n) % 97n), 2)
      return rng.uniform() < 0.5
        ? n + key
        : `${n[0]} ${n.slice(1, 3)} ${n.slice(3, 5)} ${n.slice(5, 7)} ${n.slice(7, 10)} ${n.slice(10)} ${key}`
    },
  },
  {
    what: 'de-idnr',
    region: 'DE',
    name: 'Steuer-ID',
    make: (rng) =>
      again(() => {
        const order = Array.from({ length: 10 }, (_, i) => i)
        for (let i = 9; i > 0; i--) {
          const j = rng.integer(i + 1)
          ;[order[i], order[j]] = [order[j]!, order[i]!]
        }
        order[rng.integer(10)] = order[rng.integer(10)]!
        const n = order.join('')
        if (n[0] === '0' || new Set(n).size !== 9) return undefined
        return n + mod1110(n)
      }),
  },
  {
    what: 'tr-tckn',
    region: 'TR',
    name: 'TC kimlik no',
    make: (rng) => {
      const n = `${1 + rng.integer(9)}${digits(rng, 8)}`
      const odd = sum(n, [1, 0, 1, 0, 1, 0, 1, 0, 1])
      const even = sum(n, [0, 1, 0, 1, 0, 1, 0, 1, 0])
      const ten = (((odd * 7 - even) % 10) + 10) % 10
      return `${n}${ten}${(odd + even + ten) % 10}`
    },
  },
  {
    what: 'cn-ric',
    region: 'CN',
    name: '身份证号',
    make: (rng) => {
      const b = birth(rng)
      const n = `${['110101', '310104', '440106', '330102', '510104'][rng.integer(5)]}${b.year}${pad(b.month, 2)}${pad(b.day, 2)}${digits(rng, 3)}`
      return n + '10X98765432'[sum(n, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11]
    },
  },
  {
    what: 'ca-sin',
    region: 'CA',
    name: 'social insurance number',
    make: (rng) => {
      const n = `${[1, 2, 4, 5, 6, 7][rng.integer(6)]}${digits(rng, 7)}`
      const full = n + luhnDigit(n)
      return `${full.slice(0, 3)}-${full.slice(3, 6)}-${full.slice(6)}`
    },
  },
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

export const vatMakers: readonly IdMaker[] = [
  {
    what: 'de-vat',
    region: 'DE',
    name: 'USt-IdNr.',
    make: (rng) => {
      const n = `1${digits(rng, 7)}`
      return `DE${n}${mod1110(n)}`
    },
  },
  {
    what: 'it-vat',
    region: 'IT',
    name: 'Partita IVA',
    make: (rng) => {
      const n = `0${digits(rng, 6)}${['058', '015', '063', '001'][rng.integer(4)]}`
      return `IT${n}${luhnDigit(n)}`
    },
  },
  {
    what: 'pl-vat',
    region: 'PL',
    name: 'NIP',
    make: (rng) =>
      again(() => {
        const n = `5${digits(rng, 8)}`
        const c = sum(n, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11
        return c < 10 ? `PL${n}${c}` : undefined
      }),
  },
  {
    what: 'be-vat',
    region: 'BE',
    name: 'BTW',
    make: (rng) => {
      const n = `04${digits(rng, 6)}`
      return `BE${n}${pad(97 - (Number(n) % 97), 2)}`
    },
  },
  {
    what: 'fr-vat',
    region: 'FR',
    name: 'TVA',
    make: (rng) => {
      const eight = digits(rng, 8)
      const n = eight + luhnDigit(eight)
      return `FR${pad((12 + 3 * (Number(n) % 97)) % 97, 2)}${n}`
    },
  },
]

export const abaNumber = (rng: Random): string => {
  const n = `${['01', '02', '03', '05', '06', '07', '08', '09', '11', '12', '21', '31'][rng.integer(12)]}${digits(rng, 6)}`
  return n + ((10 - (sum(n, [3, 7, 1, 3, 7, 1, 3, 7]) % 10)) % 10)
}
