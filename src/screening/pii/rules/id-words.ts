/** What identity and tax numbers are called in general; each rule adds the names of its own number. */
export const idWords = `id number, id no, national id, national id number, national identity number, national identification number, nid, identity number, identity card, identity no,
  identification number, id card, personal id, personal number, personal code, citizen id, citizen number, tax id, tax number, tax no, tin, taxpayer, social security,
  social security number, insurance number, ausweisnummer, steuernummer, sozialversicherungsnummer, versicherungsnummer, numéro d'identité, carte d'identité, sécurité sociale, numéro fiscal,
  identidad, documento, documento de identidad, número de identificación, cédula, cedula, identificación, identidade, documento nacional, carta d'identità, documento d'identità,
  dowód, dowód osobisty, persoonsnummer, personnummer, henkilötunnus, kimlik, kimlik no, rodné číslo, born id, 身份证, 身份证号, 身分證, 番号, 주민등록번호`
