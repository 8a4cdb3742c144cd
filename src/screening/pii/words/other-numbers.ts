import { topic } from '../context.ts'

/** What names a number that is no personal data, whatever the number looks like. */
export const otherNumbers = topic(
  `order, order no, order nr, order number, order id, invoice, invoice no, tracking, tracking no, sku, isbn, issn, doi, ean, upc, gtin, asin, version, ver, release, build,
  revision, rev, part number, part no, item, model, serial, serial no, serial number, batch, lot, ticket, case number, reference, ref, commit, sha, md5, sha1, sha256,
  checksum, hash, uuid, guid, pid, port, offset, bytes, byte, size, length, page, pages, pp, line, lines, row, rows, issue, bug, timestamp, epoch, revenue, population,
  message id, msgid, smtp id, esmtp id, esmtps id, queue id, session, session id, job, transaction, txn, product, produkt, producto, artikel, article number, artikelnummer, cve, rfc, part, barcode, counter, record,
  bestellung, bestellnummer, rechnung, rechnungsnummer, auftrag, sendungsnummer, commande, facture, colis, pedido, factura, ordine, fattura, zamówienie, zamówienia, faktura, objednávka,
  objednávky, sipariş, заказ, заказа, накладная, bestelling, rendelés, tilaus, beställning, comanda, narudžba, 注文番号, 订单, 주문번호`,
)
