import type { PiiKind } from '../hit.ts'

/**
 * What columns of each kind are called. A phrase counts anywhere in a name at word boundaries; one with `=` only as the
 * whole name, since in a longer name it means something else ("product name").
 */
export const columnNames: Readonly<Record<PiiKind, string>> = {
  email: `email, e mail, mail, email address, mail address, emailadresse, correo, correo electronico, courriel, adresse mail, posta elettronica, poczta, epost, e post,
    sähköposti, eposta, e posta, почта, электронная почта, メール, メールアドレス, 邮箱, 电子邮件, 이메일`,
  phone: `phone, phone number, phone no, telephone, telephone number, tel, mobile, mobile number, mobile phone, cell, cell phone, cellphone, fax, msisdn, telefon, telefonnummer, handy,
    handynummer, mobil, mobilnummer, téléphone, portable, teléfono, movil, móvil, celular, telefone, telemóvel, telefono, cellulare, numer telefonu, komórka, telefoon,
    telefoonnummer, puhelin, puhelinnumero, telefonnummer, cep telefonu, телефон, мобильный, 電話, 電話番号, 电话, 手机, 手机号, 전화번호`,
  card: `card number, card no, cardnumber, credit card, creditcard, credit card number, cc number, cc num, ccn, debit card, =card, kreditkarte, kreditkartennummer, carte bancaire,
    numero carte, tarjeta, numero tarjeta, cartao, carta di credito, numer karty, =pan, カード番号, 信用卡, 银行卡`,
  iban: 'iban, iban number, iban no',
  bic: 'bic, swift, swift code, swift bic, bic code',
  'national-id': `ssn, social security, social security number, sin, nino, national insurance, national insurance number, nhs, nhs number, national id, national id number, national identity number,
    personal id, personal number, identity number, id card, id card number, identity card, citizen id, tax id, taxpayer id, tin, itin, dni, nie, nif, cpf, cuit, cuil, curp, rfc, rut, cedula, cédula, pesel, bsn,
    personnummer, fødselsnummer, fodselsnummer, cpr, hetu, henkilotunnus, henkilötunnus, isikukood, kennitala, rodne cislo, rodné číslo, cnp, egn, oib, jmbg, amka, codice fiscale, steuer id, steueridnr, steuernummer,
    sozialversicherungsnummer, ahv, avs, numero securite sociale, nir, aadhaar, aadhar, pan card, tckn, tc kimlik, kimlik no, inn, snils, инн, снилс, nric, hkid, mykad, 身份证, 身份证号, マイナンバー, 주민등록번호`,
  passport:
    'passport, passport number, passport no, reisepass, passnummer, passeport, pasaporte, passaporto, passaporte, paszport, paspoort, pasaport, паспорт, パスポート, 护照, 여권',
  'driver-licence': `driver license, drivers license, driver licence, drivers licence, driving licence, driving license, dl number, license number dl, fuhrerschein, führerschein, permis de conduire, licencia de conducir,
    carnet de conducir, patente di guida, carteira de motorista, cnh, prawo jazdy, rijbewijs, korkort, körkort, ehliyet, 免許証, 驾照`,
  ip: 'ip, ip address, ipaddr, ip addr, ipv4, ipv6, client ip, remote ip, source ip, src ip, dst ip, remote addr, adresse ip, direccion ip',
  mac: 'mac address, macaddress, mac addr, hwaddr, hardware address, =mac, bssid, wifi mac, bluetooth address',
  url: 'url, website, web site, homepage, home page, webpage, site web, sitio web, webseite, profile link, =link',
  'date-of-birth': `dob, date of birth, birth date, birthdate, birthday, born, born on, born at, birth dt, geburtsdatum, geburtstag, geb datum, date de naissance, naissance, fecha de nacimiento, fecha nacimiento, nacimiento,
    data de nascimento, data nascimento, nascimento, data di nascita, data nascita, nascita, data urodzenia, geboortedatum, födelsedatum, fødselsdato, syntymäaika, doğum tarihi, dogum tarihi, дата рождения, рождения,
    datum narození, data nasterii, 生年月日, 出生日期, 생년월일`,
  address: `=address, street, street address, address line, address line 1, address line 2, addr, addr1, addr2, home address, postal address, mailing address, billing address, shipping address, delivery address, residence, adresse, strasse, straße, anschrift, rue,
    direccion, dirección, domicilio, calle, endereco, endereço, morada, indirizzo, adres, ulica, adress, gatuadress, osoite, cadde, sokak, адрес, улица, 住所, 地址, 주소`,
  postcode:
    'postcode, post code, postal code, zip, zip code, zipcode, plz, postleitzahl, code postal, cp, codigo postal, código postal, cep, cap, kod pocztowy, postnummer, postinumero, posta kodu, psc, индекс, 郵便番号, 邮编, 우편번호',
  person: `=name, =names, first name, firstname, fname, given name, givenname, forename, last name, lastname, lname, surname, family name, middle name, maiden name, full name, fullname, person name, customer name, client name, patient name, employee name,
    contact name, contact person, holder name, cardholder, cardholder name, account holder, student name, author name, guest name, passenger name, recipient name, =author, =contact, =recipient, =customer, =patient, =employee, vorname, nachname, familienname, =nom, prenom, prénom,
    nom de famille, nom complet, =nombre, nombres, nombre completo, apellido, apellidos, =nome, nome completo, sobrenome, apelido, cognome, imie, imię, nazwisko, imie i nazwisko, =naam, voornaam, achternaam, =namn, förnamn, fornamn,
    efternamn, fornavn, efternavn, etternavn, etunimi, sukunimi, =nimi, =isim, soyad, soyadı, ad soyad, jmeno, jméno, prijmeni, příjmení, prenume, =nume, =ime, prezime, имя, фамилия, отчество, фио, 氏名, 名前, 姓名, 이름, 성명`,
  'bank-account': `bank account, bank account number, account no, account number, acct no, acct number, bankaccount, routing number, routing no, aba, sort code, kontonummer, bankverbindung, numero de compte, numero cuenta, cuenta bancaria, clabe, cbu,
    conto corrente, numer konta, rekeningnummer, hesap no, расчетный счет, 口座番号, 银行账号, 계좌번호`,
  vat: `vat, vat number, vat no, vat id, vatin, ust id, ustid, ustidnr, numero tva, tva, partita iva, piva, btw nummer, momsnr, nip, dic, gstin, gst number, abn, cnpj, ein, cif`,
  'crypto-address':
    'wallet, wallet address, btc address, bitcoin address, eth address, ethereum address, crypto address',
  geo: 'lat lon, lat lng, latlng, latlong, coordinates, coords, gps, gps location, geo, geolocation, latitude, longitude, lat, lon, lng, breitengrad, längengrad, latitud, longitud, koordinaten, coordonnees, coordenadas',
  secret: `password, passwd, pwd, passphrase, secret, secret key, client secret, api key, apikey, access key, access token, auth token, token, refresh token, private key, passwort, kennwort, mot de passe, contrasena, contraseña, senha, haslo, hasło, wachtwoord, lösenord, salasana, şifre, пароль, パスワード, 密码, 비밀번호`,
}
