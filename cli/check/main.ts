import { parseArgs } from '../arguments.ts'
import {
  describeVariables,
  parseConfig,
  problemText,
  proxyVariable,
} from '../../lib/config/index.ts'
import type { Config } from '../../lib/config/index.ts'
import { createNodeTransport, socketOptions } from '../ask/index.ts'
import { guarded, InputError, TERMINAL, UsageError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { KEY_HELP, KEY_OPTIONS, withKey } from '../key.ts'
import { look } from './look.ts'
import { openPorts, USUAL_PORTS } from './ports.ts'
import { firstGood, nextCommand, problemOf, screen } from './show.ts'

const HELP = `Asks a server a few short questions, and says what it is, what it can do, and what cannot be measured on it.

  k6-inference check [--url URL] [options]

  --url URL             the server, such as http://localhost:8000/v1 (default: BASE_URL of the environment,
                        else whatever answers on the usual ports of this machine)
  --model NAME          model to ask for (default: the server's first)
${KEY_HELP}

Usual ports: ${USUAL_PORTS.map(([port, servers]) => `${port} (${servers})`).join(', ')}.

It sends some twenty requests, one after the other, with answers of at most 48 tokens. Other variables for
the server (HEADERS, TLS_CERT, RESOLVE, …) are taken from the environment.

Exit code: 0, a load test is possible; 1, it is not, or no server was found.
`

/** `k6-inference check`. */
export function main(
  argv: readonly string[],
  terminal: Terminal = TERMINAL,
  shell: NodeJS.ProcessEnv = process.env,
  ports?: readonly number[],
): Promise<number> {
  return guarded('check', () => check(argv, terminal, shell, ports), terminal)
}

async function check(
  argv: readonly string[],
  terminal: Terminal,
  shell: NodeJS.ProcessEnv,
  ports: readonly number[] | undefined,
): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      url: { type: 'string' },
      model: { type: 'string' },
      ...KEY_OPTIONS,
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    terminal.out(HELP)
    return 0
  }
  const env = withKey(shell, { file: values['key-file'], env: values['key-env'] })
  const named = values.url ?? env['BASE_URL']
  const urls = named === undefined ? await localServers(ports, terminal) : [named]
  let code = 1
  for (const url of urls) {
    const given = { ...serverVariables(env), BASE_URL: withPath(url) }
    const model = values.model === undefined ? {} : { MODEL: values.model }
    if ((await checkOne({ ...given, ...model }, terminal)) === 0) code = 0
  }
  return code
}

/** @throws InputError when there are none */
async function localServers(
  ports: readonly number[] | undefined,
  terminal: Terminal,
): Promise<string[]> {
  const open = await openPorts(createNodeTransport(), ports)
  if (open.length === 0) {
    const all = (ports ?? USUAL_PORTS.map(([port]) => port)).join(', ')
    throw new InputError(
      `no server on this machine's usual ports (${all}); name one with --url, or try k6-inference simulate`,
    )
  }
  terminal.note(`check: something listens on ${open.join(', ')}\n`)
  return open.map((port) => `http://127.0.0.1:${port}`)
}

async function checkOne(env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  const configOf = (api: string) => readConfig({ ...env, API: api })
  const config = configOf('chat')
  const proxy = proxyVariable(config.endpoint, process.env)
  if (proxy !== undefined) {
    terminal.note(
      `check: ${proxy} is set, but sockets connect directly; run refuses it, see docs/network.md\n`,
    )
  }
  const found = await look(createNodeTransport(socketOptions(config)), configOf)
  const good = firstGood(found)
  if (good === undefined) {
    terminal.note(`check: ${problemOf(found)}\n`)
    return 1
  }
  terminal.out(`${screen(found, good)}\n  ${nextCommand(found, good)}\n\n`)
  return 0
}

/** Servers have their OpenAI paths below /v1, and addresses are often given without. */
function withPath(url: string): string {
  return /^https?:\/\/[^/]+\/?$/.test(url) ? `${url.replace(/\/$/, '')}/v1` : url
}

/** Variables of the shell about one server and its deadlines; those of a load are none of a check's. */
function serverVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = describeVariables()
    .filter(({ group }) => group === 'server' || group === 'deadlines')
    .map(({ name }) => name as string)
    .filter((name) => name !== 'BASE_URLS')
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.includes(name)))
}

/** @throws UsageError with every problem */
function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = parseConfig({ scenario: 'check', env, hints: false })
  if (parsed.ok) return parsed.config
  throw new UsageError(parsed.problems.map(problemText).join('; '))
}
