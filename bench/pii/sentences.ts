import type { PiiKind } from '../../src/screening/pii/index.ts'

/** Sentences with `{}` for a value, by language: first those that say nothing of what it is, then those that do. */
interface Sentences {
  readonly neutral: readonly string[]
  readonly telling: readonly string[]
}

export const about: Readonly<Partial<Record<PiiKind, Sentences>>> = {
  email: {
    neutral: [
      'The form was sent by {} last week.',
      'Copy {} on the thread, then close it.',
      'id,who\n17,{}\n',
      'Bitte {} in Kopie setzen.',
      '<{}> wrote:',
    ],
    telling: ['E-mail: {}.', 'Write to {} for details.', 'Correo electrónico: {}', 'Mon adresse est {}, merci.'],
  },
  url: {
    neutral: ['The notes are at {} for now.', 'See {}.', '(from {})', 'Mehr dazu unter {}, danach weiter.'],
    telling: ['Website: {}', 'My home page is {}'],
  },
  ip: {
    neutral: ['Blocked {} after the third attempt.', '{} - - "GET /index.html" 200', 'Nothing came back via {}.'],
    telling: ['The client address was {}.', 'IP: {}', 'Connection from {} refused.', "L'adresse IP est {}."],
  },
  mac: {
    neutral: ['The adapter shows up as {} in the list.', 'seen: {}', 'Das Gerät {} war zuletzt online.'],
    telling: ['MAC address {}'],
  },
  card: {
    neutral: ['The last one was {} and it went through.', 'I used {} yesterday.', 'note: {}', 'Se usó {} ayer.'],
    telling: [
      'Card number: {}.',
      'Please charge my Visa {} today.',
      'Numéro de carte : {}',
      'Kreditkarte {}, gültig bis 2027.',
      'Tarjeta de crédito {}',
    ],
  },
  iban: {
    neutral: ['Please move it to {} before Friday.', '{} is the one to use', 'Überweisen Sie bitte auf {} bis Montag.'],
    telling: ['IBAN: {}', 'Mon IBAN est {}.'],
  },
  bic: { neutral: [], telling: ['BIC: {}', 'SWIFT code {}', 'Use BIC {} for the transfer.', 'Code BIC : {}'] },
  'bank-account': {
    neutral: [],
    telling: ['Routing number {}.', 'ABA {}', 'The routing number of the bank is {}, please check.'],
  },
  'crypto-address': {
    neutral: ['Send it to {} please.', 'donations: {}', 'Das ging an {} heraus.'],
    telling: ['Bitcoin wallet {}'],
  },
  geo: {
    neutral: ['We met near {} in the end.', 'marker {}', 'Treffpunkt: {}.'],
    telling: ['GPS coordinates: {}', 'Location {}', 'lat/lon {}'],
  },
  passport: {
    neutral: [],
    telling: [
      'Passport number: {}',
      'Her passport {} was renewed.',
      'Reisepass Nr. {}',
      'Numéro de passeport : {}',
      'Pasaporte {}',
      'Паспорт {}',
    ],
  },
  'driver-licence': {
    neutral: [],
    telling: [
      "Driver's license: {}",
      'Driving licence number {}',
      'Führerschein Nr. {}',
      'Permis de conduire n° {}',
      'Licencia de conducir {}',
    ],
  },
  'date-of-birth': {
    neutral: [],
    telling: [
      'Date of birth: {}',
      'She was born on {} in a small town.',
      'DOB {}',
      'geboren am {} in Köln',
      'Né le {} à Lyon',
      'Fecha de nacimiento: {}',
      'Data di nascita: {}',
      'Data de nascimento: {}',
      'Geboortedatum: {}',
      'Data urodzenia: {}',
      'Дата рождения: {}',
      'Doğum tarihi: {}',
    ],
  },
  postcode: {
    neutral: ['The parcel for {} was late.', '{} is in the second zone.'],
    telling: ['Postcode: {}', 'Postal code {}', 'ZIP code {}', 'PLZ {}', 'Code postal : {}'],
  },
  phone: {
    neutral: ['Leave it to {} then.', 'The last line reads {}.', 'Anna, {}, zweiter Stock'],
    telling: [
      'Phone: {}',
      'Call me at {} after five.',
      'Tel. {}',
      'Telefon: {}',
      'Teléfono: {}',
      'Téléphone : {}',
      'Mobile {}',
      'Fax {}',
      'Telefono {}',
      'тел. {}',
    ],
  },
  secret: {
    neutral: ['We found {} in the log.', 'value={}', 'Es stand {} in der Datei.'],
    telling: ['password: {}', 'export API_KEY={}', 'token = "{}"'],
  },
}

/** Around an id: `$` is its name. */
export const idTelling: readonly string[] = ['$: {}', 'My $ is {}.', 'The $ on the form was {}, please check.', '$ {}']
export const idNeutral: readonly string[] = ['It says {} on the form.', '{} was entered twice.', 'Eintrag {} geprüft.']

/** Around a person or an address, by language. */
export const people: Readonly<Record<string, Sentences>> = {
  en: {
    neutral: [
      'Yesterday {} came by with the keys.',
      'The report by {} arrived on Monday.',
      'We gave it to {} in the end.',
      '{} agreed to the plan.',
    ],
    telling: ['My name is {}.', 'Dear {}, thank you for the order.', 'Patient: {}', 'Mr. {} called again.'],
  },
  de: {
    neutral: ['Gestern hat {} die Schlüssel gebracht.', 'Der Bericht von {} kam am Montag.', '{} war einverstanden.'],
    telling: ['Ich heiße {}.', 'Sehr geehrter Herr {}, danke für die Bestellung.', 'Kunde: {}'],
  },
  fr: {
    neutral: ['Hier, {} a apporté les clés.', 'Le rapport de {} est arrivé lundi.'],
    telling: ["Je m'appelle {}.", 'Madame {} a rappelé.', 'Patient : {}'],
  },
  es: {
    neutral: ['Ayer {} trajo las llaves.', 'El informe de {} llegó el lunes.'],
    telling: ['Me llamo {}.', 'Estimada {}, gracias por su pedido.', 'Cliente: {}'],
  },
  it: {
    neutral: ['Ieri {} ha portato le chiavi.', 'La relazione di {} è arrivata lunedì.'],
    telling: ['Mi chiamo {}.', 'Cliente: {}'],
  },
  pt: {
    neutral: ['Ontem {} trouxe as chaves.', 'O relatório de {} chegou na segunda.'],
    telling: ['Meu nome é {}.', 'Cliente: {}'],
  },
  nl: {
    neutral: ['Gisteren bracht {} de sleutels.', 'Het verslag van {} kwam maandag.'],
    telling: ['Mijn naam is {}.', 'Klant: {}'],
  },
  pl: {
    neutral: ['Wczoraj {} przyniósł klucze.', 'Dokument podpisał {} w poniedziałek.'],
    telling: ['Nazywam się {}.', 'Klient: {}'],
  },
  cs: { neutral: ['Včera {} přinesl klíče.', 'Zprávu napsal {} v pondělí.'], telling: ['Zákazník: {}', 'Jméno: {}'] },
  sv: {
    neutral: ['Igår kom {} med nycklarna.', 'Rapporten skrevs av {} i måndags.'],
    telling: ['Jag heter {}.', 'Kund: {}'],
  },
  tr: { neutral: ['Dün {} anahtarları getirdi.', 'Raporu {} pazartesi yazdı.'], telling: ['Müşteri: {}', 'Adım {}.'] },
  ru: {
    neutral: ['Вчера {} принёс ключи.', 'Отчёт написал {} в понедельник.'],
    telling: ['Меня зовут {}.', 'Клиент: {}'],
  },
  ro: {
    neutral: ['Ieri {} a adus cheile.', 'Raportul a fost scris de {} luni.'],
    telling: ['Client: {}', 'Mă cheamă {}.'],
  },
  da: {
    neutral: ['I går kom {} med nøglerne.', 'Rapporten blev skrevet af {} i mandags.'],
    telling: ['Jeg hedder {}.', 'Kunde: {}'],
  },
  fi: {
    neutral: ['Eilen {} toi avaimet.', 'Raportin kirjoitti {} maanantaina.'],
    telling: ['Nimeni on {}.', 'Asiakas: {}'],
  },
}

export const places: readonly string[] = [
  'We moved to {} last year.',
  'The parcel went to {} by mistake.',
  '{}',
  'Seit Mai ist es {} geworden.',
]
export const placesTelling: readonly string[] = [
  'Address: {}',
  'She lives at {}.',
  'Adresse: {}',
  'Dirección: {}',
  'Indirizzo: {}',
]

/** Nothing in these is personal data. `#` is a digit, `%` a hexadecimal one, `@` a capital letter. */
export const hardNegatives: readonly string[] = [
  'Order number ################ was shipped.',
  'Invoice ##########, due 2024-##-##.',
  'Bestellung ###########, Rechnung ########.',
  'Tracking no. ############ at the depot.',
  'ISBN 978-#-##-######-#',
  'commit %%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%% by the bot',
  'sha256:%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%',
  'id %%%%%%%%-%%%%-%%%%-%%%%-%%%%%%%%%%%% public',
  'Upgraded from version 1.#.#.# to 2.#.##.#.',
  'Firmware release 10.#.#.## of the router',
  '2024-05-1# 1#:##:##,### INFO worker ##### took ##### ms',
  '[1#/May/2023:1#:2#:3# +0000] 200 #####',
  'timestamp 17######## and 17###########',
  'SKU @@-#####-@@, part number @@@######',
  'ticket #######, case number ######-####',
  'The introductory course H1 and D3, room ###.',
  'INTRODUCTORY public licensing, page ###.',
  'Figures rose from 1,###,### to 2,###,### in 2023.',
  'The Galaxy Note ## and the Pixel # sell well.',
  'Harvard University and the Hudson River Valley are far apart.',
  'The Monday Meeting of the Marketing Department is at 1#:00.',
  'New York Stock Exchange and Wall Street Journal',
  'On Friday the Black Forest was closed.',
  'Windows Server 2022 and Visual Studio Code ##.#',
  'the Great Barrier Reef, the Pacific Ocean, the Red Sea',
  'Die Deutsche Bahn und die Universität Hamburg',
  'El Banco de España y la Universidad Nacional',
  'La Tour Eiffel et le Musée du Louvre',
  'error 0x%%%%%%%% at offset %%%%%%',
  'The score was 3-#, then #-2, and 10 : #.',
  'coordinates are unknown; weight 12.### kg, 3.## m',
  'chapter 12.3.4.# of the manual',
  'x = y @ z; foo@bar; @decorator',
  'path/to/file-####-##-##.tar.gz and C:\\temp\\######',
  'std::vector<int>::iterator a::b',
  'base64 QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9w##==',
  'Batch ##########: serial @@@@#######',
  'In 19## there were ### members and ## clubs.',
  'Message-Id: 20020828##.%%%%%%%%',
  'ratio 0.########, p = 0.00####',
  'Meeting 3: Budget Review, Quarterly Results and Annual Report',
  'San Francisco, Los Angeles and New Orleans',
  'Article 12 Section # of the Treaty',
  'Highway 66 is 12 miles off; the 5 Star Hotel is near.',
  'Temperature ##.# °C, humidity ##%, wind ## km/h',
]
