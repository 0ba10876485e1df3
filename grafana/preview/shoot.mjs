#!/usr/bin/env node
// node grafana/preview/shoot.mjs REQUESTS.json: draws dashboards from a Prometheus (PROMETHEUS_URL) and takes a
// picture of each. One that fails is told, and the others are drawn. `npm install` in this folder first; not part
// of the build.
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { startChromium } from '../../scripts/pictures/chromium.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const prometheus = process.env.PROMETHEUS_URL ?? 'http://localhost:9090'
const [requestsFile] = process.argv.slice(2)
if (requestsFile === undefined) throw new Error('usage: shoot.mjs REQUESTS.json')
const requests = JSON.parse(readFileSync(requestsFile, 'utf8'))

const bundle = await build({
  entryPoints: [path.join(here, 'page.tsx')],
  bundle: true,
  write: false,
  outdir: 'out',
  format: 'esm',
  jsx: 'automatic',
  minify: true,
  define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
  loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl' },
  // Version 12.0.2 forgets exports in its ES modules.
  alias: { '@grafana/ui': path.join(here, 'node_modules/@grafana/ui/dist/cjs/index.cjs') },
  external: ['monaco-editor', '@monaco-editor/react', 'react-monaco-editor'],
  logLevel: 'error',
})
const script = bundle.outputFiles.find(({ path: name }) => name.endsWith('.js'))?.text ?? ''

const style = bundle.outputFiles.find(({ path: name }) => name.endsWith('.css'))?.text ?? ''

const server = createServer(async (incoming, response) => {
  const url = incoming.url ?? '/'
  try {
    if (url.startsWith('/api/')) {
      const chunks = []
      for await (const chunk of incoming) chunks.push(chunk)
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const body = Buffer.concat(chunks)
      const answer = await fetch(prometheus + url, { method: 'POST', headers, body })
      response.end(await answer.text())
    } else if (url.startsWith('/dashboards/')) {
      response.end(readFileSync(path.join(here, '..', path.normalize(url))))
    } else if (url === '/page.css') {
      response.setHeader('content-type', 'text/css')
      response.end(style)
    } else if (url === '/page.js') {
      response.setHeader('content-type', 'text/javascript')
      response.end(script)
    } else if (!/^\/\d+$/.test(url)) {
      // Grafana's icons: the pictures do without them.
      response.setHeader('content-type', 'image/svg+xml')
      response.end('<svg xmlns="http://www.w3.org/2000/svg"/>')
    } else {
      const request = JSON.stringify(requests[Number(url.slice(1))])
      response.setHeader('content-type', 'text/html')
      response.end(
        `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/page.css"><body style="margin:0;padding:0 12px;background:#111217;width:1480px">
<div id="root" style="position:relative"></div>
<script>window.request = ${request.replaceAll('<', '\\u003c')}</script><script type="module" src="/page.js"></script>`,
      )
    }
  } catch (error) {
    response.statusCode = 500
    response.end(String(error))
  }
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
const address = server.address()
if (address === null || typeof address === 'string') throw new Error('no port')

/** All of a dashboard, or its first `height` px. */
async function shoot(browser, { picture, page: name, height }, i) {
  const page = await browser.newPage({ viewport: { width: 1504, height: height ?? 300 } })
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${name}: ${message.text()}`)
  })
  try {
    await page.goto(`http://127.0.0.1:${address.port}/${i}`)
    await page.waitForFunction('window.pending === 0 || window.problems.length > 0', undefined, {
      timeout: 60_000,
    })
    await page.waitForTimeout(1_500)
    const problems = await page.evaluate('window.problems')
    if (Array.isArray(problems) && problems.length > 0) throw new Error(problems.join('\n'))
    writeFileSync(picture, await page.screenshot({ fullPage: height === undefined }))
  } finally {
    await page.close()
  }
}

const browser = await startChromium()
try {
  for (const [i, request] of requests.entries()) {
    await shoot(browser, request, i).catch((error) => {
      console.error(`${request.page}: ${error.message}`)
      process.exitCode = 1
    })
  }
} finally {
  await browser.close()
  server.close()
}
