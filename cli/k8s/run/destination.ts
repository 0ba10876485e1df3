import type { Credentials } from 'aws4'
import { readHeaders } from '../../../lib/config/index.ts'
import { maskUrl } from '../../../lib/safe-text/index.ts'

/** Where the files of a run are pushed to. */
export interface Destination {
  /** Folder; a run's files go below it. */
  url: URL
  /** Sent with each file. */
  headers: Readonly<Record<string, string>>
  /** Of an S3 bucket: what its requests are signed with. */
  s3: { region: string; keys: Credentials } | undefined
}

/** What Secrets hold, by the names that the AWS tools use. */
export type PushEnvironment = Readonly<Record<string, string | undefined>>

/**
 * Reads where to push to. `s3://BUCKET/PREFIX` is a bucket at AWS, or at AWS_ENDPOINT_URL (MinIO, Ceph, R2),
 * addressed by path, which all of them know. An http address takes PUT: WebDAV, Artifactory, Nexus, GitLab,
 * Azure with a signature in the address.
 *
 * @returns the destination, or what is wrong with it
 */
export function readDestination(
  address: string,
  env: PushEnvironment,
): { ok: true; value: Destination } | { ok: false; message: string } {
  const shown = `--push ${maskUrl(address)}`
  const headers = readHeaders(env['PUSH_HEADERS'] ?? '')
  if (!headers.ok) return refusal(`PUSH_HEADERS: ${headers.message}`)
  const bucket = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(\/[^?#]*)?$/.exec(address)
  if (bucket !== null) {
    const [, name, prefix = ''] = bucket
    const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1'
    const accessKeyId = env['AWS_ACCESS_KEY_ID']
    const secretAccessKey = env['AWS_SECRET_ACCESS_KEY']
    if (!accessKeyId || !secretAccessKey) {
      return refusal(`${shown}: needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`)
    }
    const endpoint = parsed(env['AWS_ENDPOINT_URL'] ?? `https://s3.${region}.amazonaws.com`)
    if (endpoint === undefined) return refusal('AWS_ENDPOINT_URL: accepted: http:// or https://')
    const sessionToken = env['AWS_SESSION_TOKEN']
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
    const url = new URL(`/${name}${prefix}`, endpoint)
    return { ok: true, value: { url, headers: headers.value, s3: { region, keys } } }
  }
  const url = parsed(address)
  if (url === undefined) {
    return refusal(`${shown}: accepted: s3://BUCKET/PREFIX, http:// or https://`)
  }
  if (url.username !== '' || url.password !== '') {
    return refusal(`${shown}: accepted: no password in the address; give PUSH_HEADERS`)
  }
  return { ok: true, value: { url, headers: headers.value, s3: undefined } }
}

/** All that must not be shown, as {@link createRedactor} of lib/safe-text takes it. */
export function secretsOf({ url, headers, s3 }: Destination): Record<string, string> {
  return {
    ...headers,
    ...Object.fromEntries([...url.searchParams].map(([name, value]) => [`query ${name}`, value])),
    secret: s3?.keys.secretAccessKey ?? '',
    token: s3?.keys.sessionToken ?? '',
  }
}

function parsed(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined
}

function refusal(message: string) {
  return { ok: false, message } as const
}
