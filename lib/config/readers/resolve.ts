import { refusal, value, type Read } from './outcome.ts'

const name = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i
const address = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)$/i

/** Reads where names lead: `llm.example.com=10.0.0.5`, several separated by commas. */
export function readResolve(text: string): Read<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const part of text.split(',')) {
    const [host = '', ip = '', ...rest] = part.trim().split('=')
    if (!name.test(host) || !address.test(ip) || rest.length > 0) {
      return refusal(`"${part.trim()}" is no name=address`)
    }
    if (Object.hasOwn(found, host)) return refusal(`names ${host} twice`)
    found[host] = ip
  }
  return value(found)
}
