import http from 'node:http'
import net from 'node:net'

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
  /** Reads as they came. */
  reads: Buffer[]
  /** Error code when the body did not end as it should. */
  error: string | undefined
}

/** One request over node's own client. */
export const call = (
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    // After the head has come, what goes wrong is part of the answer.
    let fail: (error: NodeJS.ErrnoException) => void = reject
    const req = http.request(url, { method, headers, agent: false }, (res) => {
      const reads: Buffer[] = []
      const done = (error?: string): void =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          body: Buffer.concat(reads).toString(),
          reads,
          error,
        })
      res.on('data', (read: Buffer) => reads.push(read))
      res.on('end', () => done())
      fail = (error) => done(error.code ?? error.message)
      res.on('error', fail)
    })
    req.on('error', (error: NodeJS.ErrnoException) => fail(error))
    req.end(typeof body === 'string' ? body : JSON.stringify(body))
  })

/** The bytes of an answer as they are on the wire, until the server closes. */
export const callRaw = (
  port: number,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  version = '1.1',
): Promise<{ bytes: Buffer; reads: Buffer[] }> =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(body)
    const lines = Object.entries({
      host: 'localhost',
      connection: 'close',
      'content-length': String(Buffer.byteLength(text)),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    const reads: Buffer[] = []
    const socket = net.connect(port, '127.0.0.1', () =>
      socket.write(`POST ${path} HTTP/${version}\r\n${lines.join('')}\r\n${text}`),
    )
    socket.on('data', (read) => reads.push(read))
    socket.on('close', () => resolve({ bytes: Buffer.concat(reads), reads }))
    socket.on('error', reject)
  })

export type Frame = {
  choices: {
    index: number
    delta?: Record<string, unknown>
    text?: string
    finish_reason: string | null
  }[]
  usage?: Record<string, unknown> & { completion_tokens: number; prompt_tokens: number }
  error?: { message: string }
}

/** `data` of each event, by the plainest reading of the standard. */
export const eventData = (body: string): string[] =>
  body
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((event) =>
      event
        .split(/\r\n|\n|\r/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).replace(/^ /, ''))
        .join('\n'),
    )
    .filter((data) => data !== '')

export const frames = (body: string): Frame[] =>
  eventData(body)
    .filter((data) => data !== '[DONE]')
    .map((data) => JSON.parse(data) as Frame)

/** Text of the answer proper. */
export const content = (body: string): string =>
  frames(body)
    .flatMap((frame) => frame.choices)
    .map((choice) => (choice.delta?.['content'] as string | undefined) ?? choice.text ?? '')
    .join('')
