import { again, birth, digits, dmy, type IdMaker, luhnDigit, mod1110, pad, sum, ymd } from './check-digits.ts'

const dniLetters = 'TRWAGMYFPDXBNJZSQVHLCKE'
/** National numbers, by their published rules. */
export const idsOne: readonly IdMaker[] = [
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
]
