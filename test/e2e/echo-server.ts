import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a terminal would obey: clear the screen, set its title, turn the writing direction. */
const ESCAPES = '\u001b[2J\u001b]0;title\u0007\u202e'

export interface EchoServer {
  url: string
  /** Requests for answers that came so far. */
  asked(): number
  close(): Promise<void>
}

/**
 * A server that gives back what it got as its key, in each of some spellings in turn, wherever a server may
 * write something. The first answer, which the preflight gets, can be measured.
 * @param refuse answer everything with 401, and name models after the key
 */
export async function startEchoServer(
  spellings: readonly string[],
  { refuse = false } = {},
): Promise<EchoServer> {
  let asked = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      if (request.method === 'GET') return models(response, spellings, refuse)
      const n = asked++
      const echo = spellings[n % spellings.length] as string
      const place = refuse ? refusal : n === 0 ? answer : (PLACES[n % PLACES.length] as Place)
      return place(response, echo, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked: () => asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Place = (response: ServerResponse, echo: string, request: IncomingMessage) => void

const named = (echo: string) => ({ 'x-request-id': `r-${echo}`, server: `s/${echo}`, via: echo })
const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`

const answer: Place = (response, echo) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...named(echo) })
  const choice = (of: object) => event({ id: echo, model: echo, choices: [{ index: 0, ...of }] })
  response.end(
    `: ${echo}\n\nevent: ${echo}\nid: ${echo}\n` +
      choice({ delta: { content: `you sent ${echo}, ${ESCAPES}` }, finish_reason: null }) +
      choice({ delta: { content: echo }, finish_reason: null }) +
      choice({ delta: {}, finish_reason: echo }) +
      event({ id: echo, choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } }) +
      'data: [DONE]\n\n',
  )
}

const refusal: Place = (response, echo) => {
  response.writeHead(401, `No ${echo}`, { 'content-type': 'application/json', ...named(echo) })
  response.end(JSON.stringify({ error: { message: `${ESCAPES}not ${echo}!`, code: echo } }))
}

const PLACES: readonly Place[] = [
  answer,
  refusal,
  (response, echo) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', ...named(echo) })
    response.end(`event: error\n${event({ error: { message: `lost ${echo}`, type: echo } })}`)
  },
  (response, echo) => {
    response.writeHead(200, { 'content-type': `text/${echo.replace(/[^\w]/g, '')}` })
    response.end(`<!doctype html><title>${echo}</title>${ESCAPES}`)
  },
  (response, echo) => {
    response.writeHead(307, { location: `https://me:${echo}@127.0.0.1:9/?key=${echo}` }).end()
  },
  // No HTTP/1.1, by its first line.
  (response, echo) => void response.socket?.end(`HTTP/1.1 ${echo}\r\n${echo}\r\n\r\n`),
]

function models(response: ServerResponse, spellings: readonly string[], refuse: boolean): void {
  const ids = refuse ? [...spellings, `m${ESCAPES}`] : ['echo-model', ...spellings]
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ data: ids.map((id) => ({ id, owned_by: id })) }))
}
