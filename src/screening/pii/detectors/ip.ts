import { isIPv6 } from 'node:net'
import { nearest, topic } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'
import { hasDigit, type Scan } from '../scan.ts'
import { isPart } from './numbers.ts'

const words = topic(
  'ip, ips, ip address, ip addresses, ipaddress, ipv4, ipv6, addr, address, host, hostname, client, server, remote, from, received, gateway, subnet, dns, ping, peer, connection, source, src, dst, adresse ip, dirección ip, indirizzo ip, ip adresse',
)
const versions = topic(
  'version, versions, ver, v, release, releases, build, firmware, driver, section, sec, chapter, clause, oid, figure, fig, kernel, upgrade, upgraded, upgrading, agent, outlook, mozilla, mailer, mimeole, mta, kapitel, versión, versione, versão, wersja, versie, версия, sürüm',
)

const private4 = /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|22[4-9]|23\d|24\d|25[0-5])\./
const private6 = /^(?:::1?$|f[cd]|fe[89ab]|ff)/i

const octet = /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/

const v4 = (scan: Scan, emit: Parameters<Detector['find']>[1]): void => {
  const { text, starts, ends, flags, digitWords, column } = scan
  for (const word of digitWords) {
    const last = word + 3
    if (last >= scan.count || ends[word]! - starts[word]! > 3 || text[ends[word]!] !== '.') continue
    const parts = [word, word + 1, word + 2, last]
    if (
      parts.some(
        (i) => flags[i] !== hasDigit || (i < last && (text[ends[i]!] !== '.' || starts[i + 1]! - ends[i]! !== 1)),
      )
    )
      continue
    if (!parts.every((i) => octet.test(text.slice(starts[i], ends[i])))) continue
    const start = starts[word]!
    const end = ends[last]!
    const port = /^:\d{1,5}(?!\d)/.test(text.slice(end, end + 7))
    const network = /^\/\d{1,2}(?!\d)/.test(text.slice(end, end + 4))
    const before = text[start - 1]
    if (!port && !network && isPart(text, start, end) && before !== '@' && before !== '/') continue
    if (before === '.' || before === '-' || before === '_' || /[.-]\w/.test(text.slice(end, end + 2))) continue
    const context = nearest(scan, start, end, words, versions)
    const written = text.slice(start, end)
    const notRoutable = private4.test(written)
    // Versions of four parts begin with small numbers; addresses rarely do in all four.
    const small = parts.every((i) => ends[i]! - starts[i]! < 3)
    const named = column.has('ip')
    const score =
      (notRoutable ? 0.55 : 0.8) -
      (small ? 0.25 : 0) +
      (named || context?.sign === 1 ? 0.2 : context?.sign === -1 ? -0.5 : 0)
    const evidence = [
      'form',
      ...(notRoutable ? ['private range'] : []),
      ...(context ? [`${context.sign > 0 ? 'context' : 'against'}: "${context.phrase}"`] : []),
    ]
    emit({
      kind: 'ip',
      start,
      end,
      score: clamp(score),
      rule: 'ipv4',
      evidence: named ? [...evidence, 'column name'] : evidence,
    })
  }
}

const inV6 = /[0-9a-f:.]/i
const longest = 45

const v6 = ({ text, colons, column }: Scan, emit: Parameters<Detector['find']>[1]): void => {
  let done = 0
  for (const colon of colons) {
    if (colon < done) continue
    let start = colon
    while (start > 0 && colon - start <= longest && inV6.test(text[start - 1]!)) start--
    let end = colon
    while (end < text.length && end - colon <= longest && inV6.test(text[end]!)) end++
    done = end
    while (text[end - 1] === '.' || (text[end - 1] === ':' && text[end - 2] !== ':')) end--
    if (text[start] === ':' && text[start + 1] !== ':') start++
    if (/[\w@]/.test(text[start - 1] ?? ' ') || /[\w]/.test(text[end] ?? ' ')) continue
    const written = text.slice(start, end)
    // At least two groups, since `::`, `::1` and `a::b` are also operators and names of code.
    if (!isIPv6(written) || written.split(':').filter((group) => group !== '').length < 3 || !/\d/.test(written))
      continue
    const notRoutable = private6.test(written)
    emit({
      kind: 'ip',
      start,
      end,
      score: clamp((notRoutable ? 0.7 : 0.92) + (column.has('ip') ? 0.05 : 0)),
      rule: 'ipv6',
      evidence: ['form', ...(notRoutable ? ['private range'] : []), ...(column.has('ip') ? ['column name'] : [])],
    })
  }
}

/** IP addresses of both versions; private ranges score lower, and a version number is none. */
export const ip: Detector = {
  kinds: ['ip'],
  find(scan, emit) {
    v4(scan, emit)
    v6(scan, emit)
  },
}
