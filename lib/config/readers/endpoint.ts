import { maskUrl } from '../../safe-text/index.ts'
import { refusal, value, type Read } from './outcome.ts'

export interface EndpointConfig {
  /** As given, without a trailing slash: `http://localhost:8000/v1`. */
  baseUrl: string
  /** Name or address to connect to; an IPv6 address without its brackets. */
  host: string
  port: number
  tls: boolean
  /** `/v1`, or '' when the URL has no path. */
  basePath: string
}

const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)([?#].*)?$/i
const name = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?$/i
/** Deliberately loose: the resolver judges the address, this only keeps other text out. */
const ipv6 = /^[0-9a-f:]*:[0-9a-f:.]*$/i
/** RFC 3986 pchar without "@", and "/": any other character could break out of the request line. */
const pathText = /^(\/([a-z0-9\-._~!$&'()*+,;=:/]|%[0-9a-f]{2})*)?$/i
const operation =
  /\/(chat\/completions|completions|responses|embeddings|models|messages|api\/(chat|generate))$/

/**
 * Reads the address of a server; k6's engine has no URL class.
 *
 * @param text `http(s)://host[:port][/path]`, IPv6 addresses in brackets
 */
export function readEndpoint(text: string): Read<EndpointConfig> {
  // Anywhere in the text: a password with a slash moves its @ into the path. A path can write it as %40.
  if (text.includes('@')) return refusal('has an @, as in credentials, which no address may have')
  const match = parts.exec(text)
  if (!match) return refusal(`has no scheme: http://${maskUrl(text)}?`)
  const [, scheme = '', authority = '', path = '', extra = ''] = match
  const tls = scheme.toLowerCase() === 'https'
  if (!tls && scheme.toLowerCase() !== 'http') return refusal(`${scheme} is neither http nor https`)
  if (extra !== '') return refusal('has a query or a fragment, which a base address cannot have')
  const where = readAuthority(authority, tls)
  if (!where.ok) return where
  if (!pathText.test(path)) return refusal('has a character in its path that must be %-encoded')
  const basePath = path.replace(/\/+$/, '')
  const whole = operation.exec(basePath)
  if (whole) {
    return refusal(`names one operation: leave out ${whole[0]}, the client adds it`)
  }
  const baseUrl = `${tls ? 'https' : 'http'}://${authority}${basePath}`
  return value({ baseUrl, tls, basePath, ...where.value })
}

function readAuthority(text: string, tls: boolean): Read<{ host: string; port: number }> {
  if (ipv6.test(text) && text.split(':').length > 2) {
    return refusal('has an IPv6 address without its brackets: http://[::1]:8000/v1')
  }
  const match = /^(\[([^\]]*)\]|[^:[\]]*)(:(.*))?$/.exec(text)
  if (!match) return refusal('has no readable host')
  const [, plain = '', inBrackets, colon, digits = ''] = match
  const host = inBrackets ?? plain
  if (host === '') return refusal('has no host')
  if (!(inBrackets === undefined ? name : ipv6).test(host)) {
    return refusal(
      'has a host that is neither a name (others than ASCII as punycode) nor an address',
    )
  }
  if (colon === undefined) return value({ host, port: tls ? 443 : 80 })
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0
  return port >= 1 && port <= 65535
    ? value({ host, port })
    : refusal('has a port outside 1 to 65535')
}
