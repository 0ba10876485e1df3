import { request } from 'node:http'
import { Duplex } from 'node:stream'

/** What node's HTTP client, whose parser is llhttp, makes of the bytes of one answer. */
export interface NodeReading {
  status: number | undefined
  /** Lower-case names; repeated fields are joined by `, `. */
  headers: Record<string, string>
  /** As latin1. */
  body: string
  /** `end`: the whole answer; `cut`: the connection ended before; else the code of the parser's error. */
  ended: string
}

/** @param bytes all that the server sends, as latin1, before it closes the connection */
export function readByNode(bytes: string): Promise<NodeReading> {
  return new Promise((resolve) => {
    const reading: NodeReading = { status: undefined, headers: {}, body: '', ended: 'cut' }
    const connection = new Duplex({ read() {}, write: (_bytes, _encoding, done) => done() })
    const asked = request({
      createConnection: () => connection,
      method: 'POST',
      maxHeaderSize: 65_536,
    })
    function end(how: string): void {
      reading.ended = how
      connection.destroy()
      resolve(reading)
    }
    asked.on('upgrade', () => end('upgrade'))
    asked.on('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNRESET' ? 'cut' : (error.code ?? error.message)),
    )
    asked.on('response', (answer) => {
      reading.status = answer.statusCode
      reading.headers = joined(answer.rawHeaders)
      answer.setEncoding('latin1')
      answer.on('data', (text: string) => (reading.body += text))
      answer.on('end', () => end(answer.complete ? 'end' : 'cut'))
      answer.on('error', (error: NodeJS.ErrnoException) =>
        end(error.code === 'ECONNRESET' ? 'cut' : (error.code ?? error.message)),
      )
    })
    asked.end()
    connection.push(Buffer.from(bytes, 'latin1'))
    connection.push(null)
  })
}

function joined(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase()
    const value = raw[i + 1]!
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  return headers
}
