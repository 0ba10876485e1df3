import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSimulator } from '../simulator/index.ts'

/**
 * Plays someone who has never seen the project, in an empty home: each way to a first result, with the commands that
 * are typed and the seconds that they take. It plays what is committed. Not part of the tests: it installs packages
 * three times and builds k6 once, several minutes in all (seconds with GOCACHE and GOMODCACHE of an earlier build).
 *
 *   npm run newcomer [-- WORD]      WORD: only the ways whose names have it, such as script
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-newcomer-'))

/** Only where packages come from, and Go's variables, are taken over from whoever runs this. */
const env: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: path.join(folder, 'home'),
  ...taken('NPM_CONFIG_USERCONFIG', path.join(homedir(), '.npmrc')),
  ...taken('GOENV', path.join(homedir(), '.config', 'go', 'env')),
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(GO\w+|\w+_PROXY|SSL_CERT_FILE)$/i.test(name)),
  ),
  K6_NO_USAGE_REPORT: 'true',
}

interface Way {
  what: string
  /** Typed in this order in a shell; `URL` is the newcomer's own server, `DIST` the packed package. */
  commands: readonly string[]
  /** Files that must be there afterwards, the last part of their paths. */
  leaves: readonly string[]
}

const SHORT = '--duration 5s -e WARMUP=0 -e EXPECTED_E2E=2s'
const WAYS: readonly Way[] = [
  {
    what: 'clone to demo',
    commands: [`git clone -q ${ROOT} k6-inference`, 'cd k6-inference', 'npx k6-inference demo'],
    leaves: ['chat-spike.json', 'report.html'],
  },
  {
    what: 'then one’s own server',
    commands: [
      'cd k6-inference',
      'npx k6-inference check --url URL',
      `npx k6-inference run chat-steady --url URL --rate 4 ${SHORT}`,
    ],
    leaves: ['chat-steady.json', 'requests.jsonl', 'report.html'],
  },
  {
    what: 'package in an empty folder',
    commands: ['npm install DIST', `npx k6-inference run chat-steady --url URL --rate 4 ${SHORT}`],
    leaves: ['chat-steady.json', 'requests.jsonl', 'report.html'],
  },
  {
    what: 'script in an empty folder',
    commands: [
      'npm install DIST',
      'npx k6-inference init my-test.ts',
      'k6 run -e BASE_URL=URL -e DURATION=5s -e WARMUP=0 -e RESULTS=. my-test.ts',
    ],
    leaves: ['my-test.ts', 'my-test.json'],
  },
]

const simulator = await startSimulator({ ttftMs: 30, tpotMs: 5 })
try {
  process.exitCode = await play(simulator.url)
} finally {
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
}

async function play(url: string): Promise<number> {
  mkdirSync(env['HOME'] as string)
  const packed = await shell(`npm pack --silent --pack-destination ${folder}`, ROOT, process.env)
  if (packed !== 0) throw new Error(`npm pack failed with exit code ${packed}, see above`)
  const dist = path.join(
    folder,
    readdirSync(folder).find((file) => file.endsWith('.tgz')) as string,
  )
  let failed = 0
  const rows: string[] = []
  for (const [i, { what, commands, leaves }] of WAYS.entries()) {
    if (!what.includes(process.argv[2] ?? '')) continue
    // The second way goes on where the first ended.
    const cwd = path.join(folder, `way-${Math.max(1, i)}`)
    mkdirSync(cwd, { recursive: true })
    const began = Date.now()
    const script = commands
      .map((command) => command.replace(/\bURL\b/, url).replace('DIST', dist))
      .map((command) => command.replace(/^k6 /, '"$(npx k6-inference setup --print)" '))
      .join(' && ')
    console.log(`\n── ${what}: ${script}\n`)
    const code = await shell(script, cwd, env)
    const seconds = Math.round((Date.now() - began) / 1000)
    const files = readdirSync(cwd, { recursive: true, encoding: 'utf8' })
    const missing = leaves.filter((name) => !files.some((file) => path.basename(file) === name))
    if (code !== 0 || missing.length > 0) failed++
    const how =
      code === 0 && missing.length === 0 ? 'ok' : `code ${code}, missing ${missing.join(', ')}`
    rows.push(
      `${what.padEnd(28)} ${String(commands.length).padStart(8)} ${String(seconds).padStart(8)}  ${how}`,
    )
  }
  console.log(`\n${'way'.padEnd(28)} commands  seconds\n${rows.join('\n')}`)
  return failed === 0 ? 0 : 1
}

function shell(script: string, cwd: string, given: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', script], {
      cwd,
      env: given,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

function taken(name: string, file: string): NodeJS.ProcessEnv {
  return existsSync(file) ? { [name]: file } : {}
}
