import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { streamCases } from './stream-cases.ts'

/** A server that answers as the stream case does whose name is the model asked for, time by time. */
export async function startReplay(): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    let received = ''
    let requests = 0
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1')
      const head = received.indexOf('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0)
      if (head < 0 || received.length < head + 4 + length) return
      const model = /"model":"(\w+)"/.exec(received)?.[1]
      received = ''
      if (model === undefined) {
        socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
      } else play(socket, model, ++requests)
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => void server.close(() => resolve()))
    },
  }
}

function play(socket: net.Socket, model: string, request: number): void {
  const asked = streamCases.find((one) => one.case === model)
  if (asked === undefined) throw new Error(`no such case: ${model}`)
  if (asked.ends.startsWith('reset') && request % 2 === 0) {
    setTimeout(() => socket.resetAndDestroy(), 200)
    return
  }
  const { reads } = asked.reads.length > 0 ? asked : streamCases.find((o) => o.case === 'plain')!
  const beganMs = performance.now()
  let next = 0
  // One timer after the other: those of one moment would all be late by the slowest of them.
  const step = () => {
    while (next < reads.length && performance.now() - beganMs >= reads[next]![0]) {
      socket.write(reads[next++]![1], 'latin1')
    }
    if (next < reads.length && !socket.destroyed) {
      setTimeout(step, reads[next]![0] - (performance.now() - beganMs))
    }
  }
  step()
}
