import { spawn } from 'node:child_process'
import type { Level } from './levels.ts'

/** What the server knows of one answer; times in ms since 1970. */
export interface ServerRecord {
  /** `x-request-id` of the answer. */
  id: string
  receivedMs: number
  firstTokenMs: number
  lastTokenMs: number
  /** When each token was handed to the connection. */
  tokenWrittenMs: readonly number[]
}

/** `k6/cmd/benchserver` in a process of its own: what it costs is not the client's, nor this program's. */
export interface BenchServer {
  url: string
  /** What the server has seen since the last call, in the order in which answers ended. */
  takeRecords(): Promise<ServerRecord[]>
  /** User and system time so far, seconds. */
  cpuS(): Promise<number>
  close(): Promise<void>
}

/**
 * Headers and role chunk at once, the first token 100 ms after the request (and up to a pause more, so that
 * streams are not in step), then a steady pace.
 */
export function startServer(program: string, level: Level): Promise<BenchServer> {
  const child = spawn(
    program,
    [
      '-ttft=100ms',
      `-pause=${1000 / level.tokensPerS}ms`,
      `-tokens=${level.answerTokens}`,
      `-text=${level.text}`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return new Promise((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    void ended.then(() => reject(new Error('the server ended before it was ready')))
    child.stdout.on('data', (bytes: Buffer) => {
      said += String(bytes)
      const url = /^(http\S+)\n/.exec(said)?.[1]
      if (url === undefined) return
      const control = new URL('/bench/', url).href
      resolve({
        url,
        async takeRecords() {
          const lines = await (await fetch(`${control}records`)).text()
          await fetch(`${control}reset`, { method: 'POST' })
          const records = lines.split('\n').filter((line) => line !== '')
          return records.map((line) => JSON.parse(line) as ServerRecord)
        },
        async cpuS() {
          const stats = (await (await fetch(`${control}stats`)).json()) as { cpuMs: number }
          return stats.cpuMs / 1000
        },
        async close() {
          process.removeListener('exit', stop)
          child.kill('SIGTERM')
          const kill = setTimeout(stop, 5000)
          await ended
          clearTimeout(kill)
        },
      })
    })
  })
}
