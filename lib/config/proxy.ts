import type { EndpointConfig } from './readers/endpoint.ts'

type Address = Pick<EndpointConfig, 'host' | 'port' | 'tls'>
type Env = Readonly<Record<string, string | undefined>>

/**
 * The variable whose proxy would carry requests to an address, by the rules of Go's net/http (package
 * golang.org/x/net/http/httpproxy), which k6/http follows; undefined: none does.
 */
export function proxyVariable(address: Address, env: Env): string | undefined {
  const name = address.tls ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const variable = [name, name.toLowerCase()].find((given) => env[given])
  if (variable === undefined || local(address.host)) return undefined
  const except = env['NO_PROXY'] || env['no_proxy'] || ''
  return except.split(',').some((entry) => excepts(entry, address)) ? undefined : variable
}

/** This machine is never reached through a proxy. */
function local(host: string): boolean {
  return host === 'localhost' || /^127(\.\d+){3}$/.test(host) || host === '::1'
}

/**
 * Whether an entry of NO_PROXY names the address: `*`, a name (with all below it), `.name` or `*.name` (only
 * those below it), an IP address or a block of them, any but blocks with `:port`.
 */
function excepts(entry: string, { host, port }: Address): boolean {
  const text = entry.trim().toLowerCase()
  if (text === '' || text === '*') return text === '*'
  const [, block = '', bits] = /^(.*)\/(\d+)$/.exec(text) ?? []
  if (bits !== undefined) return inBlock(bitsOf(host), bitsOf(block), Number(bits))
  const [, inBrackets, plain = text, only] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? []
  if (only !== undefined && Number(only) !== port) return false
  const name = (inBrackets ?? plain).replace(/^\*\./, '.')
  const asked = host.toLowerCase()
  const address = bitsOf(name)
  if (address !== undefined) return address === bitsOf(asked)
  return name.startsWith('.') ? asked.endsWith(name) : asked === name || asked.endsWith(`.${name}`)
}

function inBlock(bits: string | undefined, block: string | undefined, length: number): boolean {
  if (bits === undefined || block === undefined || bits.length !== block.length) return false
  return bits.slice(0, length) === block.slice(0, length)
}

/** An IP address as a row of bits: 32 or 128 of them; undefined for a name. */
function bitsOf(address: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(address)) {
    return address
      .split('.')
      .map((part) => bits(Number(part), 8))
      .join('')
  }
  if (!/^[0-9a-f:]*:[0-9a-f:]*$/i.test(address)) return undefined
  const [head = '', tail] = address.split('::')
  const [first, last] = [groups(head), groups(tail ?? '')]
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  return [...first, ...Array<string>(zeros).fill('0'), ...last]
    .map((group) => bits(Number.parseInt(group, 16), 16))
    .join('')
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':')
}

function bits(of: number, length: number): string {
  return of.toString(2).padStart(length, '0')
}
