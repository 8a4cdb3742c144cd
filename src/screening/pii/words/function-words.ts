/**
 * Function words that hardly another language has, by language: what is left of a language's commonest words after those
 * that its neighbours share. Then the countries where text of the language comes from.
 */
export interface LanguageHint {
  readonly regions: readonly string[]
  readonly words: readonly string[]
}

const hint = (regions: string, words: string): LanguageHint => ({
  regions: regions.split(' '),
  words: words.split(' '),
})

export const languageHints: readonly LanguageHint[] = [
  hint(
    'DE AT CH',
    'und der das ist nicht ich auf für sich bei dem wird sind auch einen wurde oder dass noch nach über bitte haben zum zur',
  ),
  hint(
    'FR BE CH',
    'les est dans pour sur avec vous nous une aux cette été plus mais être ont ces elle lundi merci était',
  ),
  hint(
    'ES MX AR CO CL',
    'los las una por con para está fue más pero sus como muy este desde hasta también usted el lunes ayer',
  ),
  hint('IT CH', 'il che è non sono della nel alla gli anche ha questo con più dal stato lunedì ieri essere dei'),
  hint('BR PT', 'não uma para com são foi mais ao pela pelo você também isso já muito ontem segunda às'),
  hint('NL BE', 'het een van niet zijn voor met aan ook bij naar wordt heeft maar deze kan maandag gisteren dat'),
  hint('PL', 'się nie jest na że przez dla był tym lub oraz przy wczoraj jako może ale który pod'),
  hint('CZ SK', 'že jsem jsou není byla byl podle nebo který která při také včera pondělí ale již jen sme nie'),
  hint('SE', 'och att det är inte som för av till på har ett jag från kan skulle igår'),
  hint('DK NO', 'og ikke det er af som til på har jeg fra et blev ved også mandag går nøglerne kun efter'),
  hint('FI', 'ja on ei että oli kun ovat joka mutta myös eilen tai hän sen se ole maanantaina'),
  hint('TR', 've bir bu için ile çok daha olarak olan değil gibi ama dün pazartesi'),
  hint('RO', 'și este nu cu la din pe care sunt fost pentru sau mai fi luni ieri'),
  hint('HU', 'és hogy nem egy van volt csak meg már mint vagy tegnap hétfőn az'),
  hint('HR RS BA SI', 'je nije sam koji koja što ali ili bio bila za jučer ponedjeljak samo'),
  hint('RU UA', 'и не что на он как это по но из был вчера для от же понедельник'),
  hint('UA', 'і та що не це як був для від або вчора понеділок він її'),
  hint('BG', 'и не на се да за от това като но или вчера понеделник съм беше'),
  hint('GR', 'και το να της στο δεν είναι για με που από χθες τη του'),
]
