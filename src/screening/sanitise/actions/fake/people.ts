import type { Draws } from './draws.ts'
import { inCase } from './shape.ts'
import { familyNames, givenNames, placeNames } from './words.ts'

const word = /\p{L}[\p{L}\p{M}'’]*/gu
const title = /^(?:mr|mrs|ms|dr|prof|herr|frau|mme|m|sr|sra|van|von|de|der|da|di|la|el|al|bin|ibn)$/iu

/** As many names as the original has; titles and particles stay. */
export const fakePerson = (value: string, draws: Draws): string => {
  const names = (value.match(word) ?? []).filter((part) => !title.test(part)).length
  let seen = 0
  return value.replace(word, (part) => {
    if (title.test(part)) return part
    seen++
    const family = names > 1 && (value.includes(',') ? seen === 1 : seen === names)
    const drawn = draws.pick(family ? familyNames : givenNames)
    return part.length === 1 ? drawn[0]! : inCase(drawn, part)
  })
}

const kindOfWay =
  /^(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|boulevard|blvd|way|place|square|strasse|straße|str|weg|platz|allee|gasse|rue|avenue|chemin|place|calle|avenida|plaza|via|viale|piazza|rua|ulica|ul|de|la|le|du|des|del|di|da|box|apt|suite|floor|po)$/iu

/** Other numbers and other names in the same layout; what says street, flat or floor stays. */
export const fakeAddress = (value: string, draws: Draws): string =>
  value
    .replace(word, (part) => (kindOfWay.test(part) || part.length < 3 ? part : inCase(draws.pick(placeNames), part)))
    .replace(/\d/g, (_, at: number, whole: string) =>
      /\d/.test(whole[at - 1] ?? '') ? draws.digits(1) : String(1 + draws.integer(9)),
    )

/** At a domain that belongs to nobody (RFC 2606). */
export const fakeEmail = (value: string, draws: Draws): string => {
  const name = `${draws.pick(givenNames)}.${draws.pick(familyNames)}${draws.digits(4)}`.toLowerCase()
  return `${inCase(name, value)}@${draws.pick(['example.com', 'example.org', 'example.net'])}`
}
