import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { SimRecord } from '../../../simulator/index.ts'
import type { Level } from './levels.ts'

/** The simulator in a process of its own: what it costs is not the client's, nor this program's. */
export interface BenchServer {
  url: string
  /** What the server has seen since the last call, oldest first. */
  takeRecords(): Promise<SimRecord[]>
  /** User and system time so far, seconds. */
  cpuS(): Promise<number>
  close(): Promise<void>
}

const main = fileURLToPath(new URL('../../../simulator/main.ts', import.meta.url))

/** Headers and role chunk at once, the first token 100 ms after the request, then a steady pace. */
export function startServer(level: Level, tokens: number): Promise<BenchServer> {
  const args = ['--port', '0', '--ttft', '100', '--tpot', String(1000 / level.tokensPerS)]
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', main, ...args, '--output', `${tokens},0.25`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return new Promise((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    void ended.then(() => reject(new Error('the simulator ended before it was ready')))
    child.stdout.on('data', (bytes: Buffer) => {
      said += String(bytes)
      const url = /^(http\S+)\n/.exec(said)?.[1]
      if (url === undefined) return
      const control = new URL('/sim/', url).href
      resolve({
        url,
        async takeRecords() {
          const lines = await (await fetch(`${control}records`)).text()
          await fetch(`${control}reset`, { method: 'POST' })
          const records = lines.split('\n').filter((line) => line !== '')
          return records.map((line) => JSON.parse(line) as SimRecord)
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
