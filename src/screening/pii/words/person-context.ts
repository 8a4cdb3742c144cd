const set = (text: string): ReadonlySet<string> => new Set(text.split(',').map((word) => word.trim().toLowerCase()))

/** Titles, lower case and without the full stop: what follows is a person. */
export const titles =
  set(`mr, mrs, ms, miss, mx, dr, prof, professor, doctor, sir, dame, rev, reverend, capt, captain, sgt, sergeant, lt, col, gen, hon, judge, senator, madam, herr, frau, fräulein, hr, fr, dott, dottor, dottore, dottoressa, ing, avv, sig, sigra, signor, signora, signore, signorina,
  sr, sra, srta, señor, señora, señorita, don, doña, dom, dona, senhor, senhora, exmo, m, mme, mlle, monsieur, madame, mademoiselle, maître, dhr, mevr, mevrouw, meneer, mw, de heer, pan, pani, pana, panem, panu, panią, panna, paní, slečna, herra, rouva, fru, bay, bayan, sayın, domnul, doamna, dl, dna,
  gospodin, gospođa, g, gđa, úr, г-н, г-жа, господин, госпожа, гр, пан, пані, κ, κος, κα, κύριος, κυρία, shri, smt, kumari, sheikh, imam, ustadh, bapak, ibu, pak`)

/** Phrases after which a name follows at once (words joined, lower case). */
export const namePhrases = set(
  `name, names, fullname, firstname, lastname, surname, familyname, givenname, nameis, mynameis, iam, iamcalled, called, named, signed, signedby, writtenby, author, authors, attn, attention, attentionof, contact, contactperson, patient, client, customer, employee, applicant, tenant, student, beneficiary, recipient, sender, passenger, guest, holder, cardholder, accountholder,
  witness, insured, borrower, buyer, seller, spouse, mother, father, brother, sister, son, daughter, husband, wife, uncle, aunt, nephew, niece, colleague, neighbour, neighbor, regards, sincerely, cheers, dear, hello, hi, hey, thanks, yourstruly, met, meet, interviewed, askedfor, speakwith, spokewith, spoketo, speaksto, talkedto, emailed, invited, employed, hired, treated,
  name ist, namelautet, ichheiße, ichbin, vorname, nachname, kunde, kundin, patientin, mitarbeiter, mitarbeiterin, ansprechpartner, ansprechpartnerin, mieter, grüße, grüßen, liebe, lieber, hallo, unterzeichnet, heißt, nombre, menombre, minombrees, mellamo, sellama, cliente, paciente, empleado, empleada, inquilino, estimado, estimada, hola, querido, querida, saludos, atentamente, firmado, apellido, apellidos,
  nom, prénom, monnomest, jemappelle, jesuis, patiente, employé, employée, locataire, cher, chère, bonjour, cordialement, signé, contacter, nome, ilmionomeè, michiamo, sono, sichiama, paziente, dipendente, inquilina, caro, cara, ciao, salve, gentile, saluti, firmato, cognome, nominativo, omeunomeé, meunomeé, chamome, chamase, funcionário, funcionária, olá, prezado, prezada, assinado, caroa,
  naam, mijnnaamis, ikben, ikheet, heet, klant, patiënt, medewerker, huurder, beste, geachte, groeten, nazwisko, imię, imięinazwisko, nazywamsię, klient, klientka, pacjent, pacjentka, pracownik, szanowny, pozdrawiam, drogi, droga, jméno, jmenujise, příjmení, zákazník, pacientka, zaměstnanec, namn, jagheter, mittnamnär, kund, anställd, hej, hyresgäst, hälsningar,
  navn, jeghedder, jegheter, kunde, medarbejder, ansatt, nimi, nimenion, olen, asiakas, potilas, adı, adım, ismim, isim, müşteri, hasta, çalışan, merhaba, saygılarımla, nume, numelemeuest, măchemă, client, ime, zovemse, kupac, név, ügyfél, beteg,
  имя, фамилия, фио, менязовут, клиент, клиентка, пациент, пациентка, сотрудник, сотрудница, уважаемый, уважаемая, здравствуйте, арендатор, подпись, ім'я, менезвати, όνομα, πελάτης`.replace(
    / ist/g,
    'ist',
  ),
)

/** Those of them that are nouns which often stand before other nouns with a capital. */
export const nameNouns = set(
  `name, names, author, authors, contact, patient, client, customer, employee, applicant, tenant, student, recipient, sender, passenger, guest, holder, named, called, kunde, cliente, klient, kund, pracownik, contacter, nom, nome, naam, mother, father, brother, sister, son, daughter`,
)

/** Lower-case words that stand inside names. */
export const particles = set(
  `de, del, de la, la, las, los, da, das, do, dos, di, della, degli, van, von, der, den, ter, ten, zu, zum, vom, du, le, y, e, al, el, bin, ibn, bint, af, av, 't, san, st`,
)

/** Endings of family names of many languages, without diacritics. */
export const familyEndings =
  /(?:sson|sdottir|son|sen|witz|owicz|ewicz|wicz|ski|ska|sky|skaya|cki|cka|ov|ova|ev|eva|enko|chuk|uk|yan|ian|idze|shvili|opoulos|opoulou|idis|akis|escu|eanu|ic|oglu|mann|stein|berg|feld|baum|meier|meyer|huber|bauer|strom|qvist|quist|gren|lund|nen|ez|ini|elli|etti|ucci|aert|aerts|inga|stra|sma|ova|ankova|ík|ek)$/

export const cyrillicEndings =
  /(?:ов|ова|ев|ева|ёв|ёва|ин|ина|ын|ына|ский|ская|цкий|цкая|енко|чук|юк|ук|ян|дзе|швили|ич|ых|их|ко|ой)$/

/** Endings that hardly any other word with a capital has. */
export const strongEndings =
  /(?:.{2}ova|.{2}kova|escu|eanu|oglu|opoulos|opoulou|sson|sdottir|ovic|evic|owski|ewski|owska|ewska|inski|enko|czyk|shvili|idze|iewicz|owicz)$/

/** Russian patronymics. */
export const patronymic = /(?:ович|евич|ич|овна|евна|ична|инична)$/
