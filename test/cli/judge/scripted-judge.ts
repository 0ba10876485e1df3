import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with a request: an answer, silence, or a connection that dies. */
export type Act =
  | { status?: number; headers?: Record<string, string>; body: string; delayMs?: number }
  | 'hang'
  | 'die'

export interface Asked {
  /** From 0. */
  n: number
  system: string
  user: string
  body: Record<string, unknown>
  headers: http.IncomingHttpHeaders
}

export interface ScriptedJudge {
  url: string
  asked: Asked[]
  /** Most requests that were open at a time. */
  most(): number
  close(): Promise<void>
}

/** A judge on loopback that does what a test says, and remembers what it was asked. */
export async function startJudge(act: (asked: Asked) => Act): Promise<ScriptedJudge> {
  const asked: Asked[] = []
  let [open, most] = [0, 0]
  const server = http.createServer((request, response) => {
    let text = ''
    most = Math.max(most, ++open)
    response.on('close', () => open--)
    request.on('data', (more: Buffer) => (text += more.toString('utf8')))
    request.on('end', () => {
      const body = JSON.parse(text) as Record<string, unknown>
      const [system = '', user = ''] = (body['messages'] as { content: string }[]).map(
        ({ content }) => content,
      )
      const one = { n: asked.length, system, user, body, headers: request.headers }
      asked.push(one)
      const what = act(one)
      if (what === 'die') request.socket.destroy()
      else if (what !== 'hang') {
        setTimeout(() => {
          response.writeHead(what.status ?? 200, {
            'content-type': 'application/json',
            ...what.headers,
          })
          response.end(what.body)
        }, what.delayMs ?? 0)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    most: () => most,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export const USAGE = { prompt_tokens: 200, completion_tokens: 20 }

/** A whole chat answer with this text. */
export function said(text: string, usage: object | undefined = USAGE): Exclude<Act, string> {
  const choice = { index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }
  return { body: JSON.stringify({ object: 'chat.completion', choices: [choice], usage }) }
}

/** A reply in the format. */
export function rated(score: number, reason = 'as asked'): Exclude<Act, string> {
  return said(JSON.stringify({ reason, score }))
}
