import {
  type Faker,
  fakerDE_CH,
  fakerEL,
  fakerEN_IN,
  fakerEN_ZA,
  fakerES_MX,
  fakerFR_CA,
  fakerHR,
  fakerHU,
  fakerID_ID,
  fakerNB_NO,
  fakerPT_PT,
  fakerSK,
  fakerUK,
  fakerVI,
} from '@faker-js/faker'
import { stream } from '../../src/base/random.ts'
import { type Document, filled } from './document.ts'
import { people } from './sentences.ts'

/** Locales whose names nobody looked at when the lists, endings and sentence patterns were made. */
const heldOut: readonly (readonly [string, Faker])[] = [
  ['de-CH', fakerDE_CH],
  ['el', fakerEL],
  ['en-IN', fakerEN_IN],
  ['en-ZA', fakerEN_ZA],
  ['es-MX', fakerES_MX],
  ['fr-CA', fakerFR_CA],
  ['hr', fakerHR],
  ['hu', fakerHU],
  ['id', fakerID_ID],
  ['nb-NO', fakerNB_NO],
  ['pt-PT', fakerPT_PT],
  ['sk', fakerSK],
  ['uk', fakerUK],
  ['vi', fakerVI],
]

/** Persons with names of other locales, in English sentences; the hard case, since nothing else tells the language. */
export const heldOutPersons = (seed: number, each: number): readonly Document[] =>
  heldOut.flatMap(([locale, faker]) => {
    faker.seed(seed)
    return Array.from({ length: each }, (_, i) => {
      const rng = stream(seed, 'held-out', locale, i)
      const telling = rng.uniform() < 0.4
      const sentences = people.en![telling ? 'telling' : 'neutral']
      const name = `${faker.person.firstName()} ${faker.person.lastName()}`
      return filled(sentences[rng.integer(sentences.length)]!, 'person', name, locale, telling)
    })
  })

/** How much of the generator's own names are in the lists: near 1, a recall on its names says little. */
export const listed = (
  faker: Faker,
  isListed: (word: string) => boolean,
): { readonly given: number; readonly family: number } => {
  faker.seed(1)
  const shareOf = (draw: () => string): number => {
    const names = new Set(Array.from({ length: 2000 }, draw))
    return [...names].filter((name) => name.split(/[\s-]+/).some(isListed)).length / names.size
  }
  return { given: shareOf(() => faker.person.firstName()), family: shareOf(() => faker.person.lastName()) }
}
