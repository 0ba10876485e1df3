import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { FoundK6 } from './find.ts'
import { runK6 } from './process.ts'

/** Opens one socket, whose peer resets the connection. */
const SCRIPT = `import { Socket } from 'k6/x/tcp'
export const options = { vus: 1, iterations: 1 }
export default async function () {
  const socket = new Socket()
  socket.on('connect', () => {})
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.on('close', resolve))
  await socket.connect({ host: '127.0.0.1', port: Number(__ENV.PORT) })
  socket.write('x').catch(() => {})
  await closed
}
export function handleSummary() {
  return {}
}
`

/** Long enough for stock k6 to fetch the module first. */
const LIMIT_MS = 90_000

/** k6 variables that switch its summary and outputs; the probe needs their defaults. */
const OURS_TO_SAY = ['K6_SUMMARY_MODE', 'K6_NO_SUMMARY', 'K6_OUT']

/**
 * Whether k6, with its summary on, survives a connection that the server resets. The official k6/x/tcp
 * (0.3.0, 0.3.1) pushes a sample without tags for a failed read, and the summary crashes on it (k6/README.md).
 * Trying it takes half a second and is right for any version, unlike a list of versions.
 */
export async function survivesResets(k6: FoundK6): Promise<boolean> {
  // Built from this package, whose Go tests cover it.
  if (k6.source === 'built' || k6.source === 'cache') return true
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-inference-reset-'))
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => socket.resetAndDestroy())
  })
  try {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const script = path.join(folder, 'reset.js')
    await writeFile(script, SCRIPT)
    const env = { ...process.env }
    for (const name of OURS_TO_SAY) delete env[name]
    const args = ['run', '--quiet', '--no-usage-report', '--address=', '-e', `PORT=${port}`, script]
    const quiet = { stdout: 'ignore', stderr: 'ignore', timeoutMs: LIMIT_MS } as const
    const { code } = await runK6({ k6: k6.path, args, env, ...quiet })
    return code === 0
  } finally {
    server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * An environment in which k6 makes no summary. Set as a variable, not a flag, so that the script sees
 * it too and does not warn.
 */
export function withoutSummary(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, K6_SUMMARY_MODE: 'disabled' }
}
