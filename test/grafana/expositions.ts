import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const FOLDER = new URL('../support/exposition/', import.meta.url)

/** Engines and exporters that cannot run here; their expositions are synthetic. */
export const EXPOSED: readonly string[] = readdirSync(FOLDER).map((file) =>
  file.replace(/\.prom$/, ''),
)

/** Serves each exposition at `/NAME`, its counters growing by 2 % a second, so that rates are not 0. */
export async function serveExpositions(): Promise<{ target: string; close: () => Promise<void> }> {
  const startedAt = Date.now()
  const texts = new Map(
    EXPOSED.map((name) => [
      `/${name}`,
      readFileSync(new URL(`${name}.prom`, FOLDER), 'utf8').split('\n'),
    ]),
  )
  const server = createServer(({ url = '' }, response) => {
    const lines = texts.get(url)
    const growth = 1 + (0.02 * (Date.now() - startedAt)) / 1000
    response.statusCode = lines === undefined ? 404 : 200
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(lines === undefined ? '' : grown(lines, growth))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function grown(lines: readonly string[], growth: number): string {
  let growing = false
  return lines
    .map((line) => {
      if (line.startsWith('# TYPE')) growing = /(counter|histogram)$/.test(line)
      if (!growing || line === '' || line.startsWith('#')) return line
      const at = line.lastIndexOf(' ')
      return `${line.slice(0, at)} ${Number(line.slice(at + 1)) * growth}`
    })
    .join('\n')
}
