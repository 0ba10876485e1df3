import { describeVariables } from '../../lib/config/index.ts'
import { maskUrl, maskUrls } from '../../lib/safe-text/index.ts'
import type { SecretRef } from './types.ts'

/** The values of `-e`. Those that a manifest must not hold are problems. */
export function readVariables(
  given: readonly string[],
  say: (problem: string) => void,
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const pair of given) {
    const at = pair.indexOf('=')
    const name = at < 0 ? pair : pair.slice(0, at)
    const value = pair.slice(at + 1)
    if (at < 0 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      say(`-e ${at < 0 ? pair : name}: accepted: NAME=VALUE`)
    } else if (isSecret(name)) {
      // Its value would end up in the manifest, the cluster's history and the initializer's archive.
      say(
        `-e ${name}: a secret; give --${name === 'API_KEY' ? 'key-secret' : 'secret-env'} instead`,
      )
    } else if (masked(name, value) !== value) {
      const instead = isAddress(name)
        ? 'the client takes none there: give --key-secret, or HEADERS by --secret-env'
        : `give --secret-env ${name}=NAME/KEY instead`
      say(
        `-e ${name}=${masked(name, value)}: a secret in the address would stand in the manifest; ${instead}`,
      )
    } else found[name] = value
  }
  return found
}

function masked(name: string, value: string): string {
  return isAddress(name) ? maskUrl(value) : maskUrls(value)
}

function isAddress(name: string): boolean {
  return describeVariables().some((known) => known.name === name && /^URLs?$/.test(known.type))
}

/** Decided by the table of variables; for others, such as K6_CLOUD_TOKEN, by how the name ends. */
function isSecret(name: string): boolean {
  const known = describeVariables().find((variable) => variable.name === name)
  return known?.secret ?? /(KEY|TOKEN|PASSWORD|SECRET|CREDENTIALS|HEADERS?)$/i.test(name)
}

/** The Secrets of `--key-secret` and `--secret-env`. */
export function readSecrets(
  key: string | undefined,
  others: readonly string[],
  say: (problem: string) => void,
): SecretRef[] {
  const all = key === undefined ? [] : [{ option: 'key-secret', variable: 'API_KEY', ref: key }]
  for (const pair of others) {
    const at = pair.indexOf('=')
    all.push({
      option: 'secret-env',
      variable: pair.slice(0, Math.max(at, 0)),
      ref: pair.slice(at + 1),
    })
  }
  return all.flatMap(({ option, variable, ref }) => {
    const [secret = '', field = option === 'key-secret' ? 'api-key' : '', ...rest] = ref.split('/')
    const sound =
      /^[A-Z][A-Z0-9_]*$/.test(variable) &&
      /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(secret) &&
      /^[-._a-zA-Z0-9]+$/.test(field) &&
      rest.length === 0
    if (sound) return [{ variable, secret, key: field }]
    const wanted = option === 'key-secret' ? 'NAME or NAME/KEY' : 'VARIABLE=NAME/KEY'
    say(`--${option}: accepted: ${wanted}, the names of a Secret and of a key in it`)
    return []
  })
}
