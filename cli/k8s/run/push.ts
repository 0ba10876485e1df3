import aws4 from 'aws4'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createRedactor } from '../../../lib/safe-text/index.ts'
import { InputError, type Terminal } from '../../command.ts'
import { secretsOf, type Destination } from './destination.ts'

export interface PushOptions {
  /** How often a file is tried. */
  tries: number
  /** Pause before another try, ms; twice as long before each further one. */
  pauseMs: number
  /** How long a server may be silent, ms. */
  silentMs: number
}

export const PUSH: PushOptions = { tries: 4, pauseMs: 1000, silentMs: 60_000 }

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.md': 'text/markdown; charset=utf-8',
}
/** Azure's Put Blob wants to know; others do not look at it. */
const AZURE = { 'x-ms-blob-type': 'BlockBlob' }
/** Enough of an answer to tell what is wrong, bytes. */
const MOST_SHOWN = 4096

/**
 * Pushes the files of a run to `DESTINATION/RUN/FILE`, each with one PUT. Its folders stay: the logs in them
 * are what the records were merged from.
 *
 * @param folder of the run, named as the run is
 * @throws InputError for the first file that was not taken, with the server's own words
 */
export async function pushRun(
  folder: string,
  destination: Destination,
  { note }: Pick<Terminal, 'note'>,
  options: PushOptions = PUSH,
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  const redact = createRedactor(secretsOf(destination))
  for (const name of names.sort()) {
    const url = addressOf(destination.url, [path.basename(folder), name])
    const why = await pushFile(path.join(folder, name), { ...destination, url }, options)
    if (why !== undefined) {
      throw new InputError(`PUT ${url.origin}${url.pathname}: ${redact.line(why)}`)
    }
  }
  const { origin, pathname } = addressOf(destination.url, [path.basename(folder)])
  note(`k8s run: pushed ${names.length} files to ${origin}${pathname}\n`)
}

/** The query stays: it may hold a signature that is good for the whole folder. */
function addressOf(folder: URL, below: readonly string[]): URL {
  const url = new URL(folder)
  url.pathname = [url.pathname.replace(/\/+$/, ''), ...below.map(encodeURIComponent)].join('/')
  return url
}

/** @returns why it failed, or undefined */
async function pushFile(
  file: string,
  destination: Destination,
  { tries, pauseMs, silentMs }: PushOptions,
): Promise<string | undefined> {
  for (let tried = 1; ; tried++) {
    const { status, why } = await put(file, destination, silentMs)
    if (why === undefined) return undefined
    // A wrong key or address stays wrong.
    const passing = status === undefined || status === 429 || status >= 500
    if (!passing || tried >= tries) return why
    await pause(pauseMs * 2 ** (tried - 1))
  }
}

interface Answered {
  /** Undefined where there was no answer. */
  status?: number
  /** Undefined where the file was taken. */
  why?: string
}

async function put(file: string, { url, ...how }: Destination, silentMs: number) {
  const { size } = await stat(file)
  const headers: Record<string, string> = {
    ...how.headers,
    'content-length': String(size),
    'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
  }
  const where = { method: 'PUT', host: url.host, path: url.pathname + url.search }
  const signed = how.s3 === undefined ? { ...headers, ...AZURE } : signedS3(where, headers, how.s3)
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise<Answered>((resolve) => {
    const sent = request(url, { method: 'PUT', headers: signed, timeout: silentMs }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => (text = (text + part).slice(0, MOST_SHOWN)))
      answer.on('error', () => {})
      answer.on('close', () => {
        const status = answer.statusCode ?? 0
        // A redirection is not followed: it could lead the keys to another host.
        resolve(status >= 200 && status < 300 ? { status } : { status, why: `${status} ${text}` })
        sent.destroy()
      })
    })
    sent.on('timeout', () => sent.destroy(new Error(`no answer for ${silentMs / 1000} s`)))
    sent.on('error', ({ message }) => resolve({ why: message }))
    const content = createReadStream(file)
    content.on('error', (error) => sent.destroy(error))
    sent.on('close', () => content.destroy())
    content.pipe(sent)
  })
}

/** The content is not signed: a file of records may be large, and would have to be read twice. */
function signedS3(
  where: { method: string; host: string; path: string },
  headers: Readonly<Record<string, string>>,
  { region, keys }: NonNullable<Destination['s3']>,
): Record<string, string> {
  const unsigned = { ...headers, 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' }
  const signed = aws4.sign({ ...where, service: 's3', region, headers: unsigned }, keys)
  return signed.headers as Record<string, string>
}
