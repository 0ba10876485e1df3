import path from 'node:path'
import {
  defaultAxes,
  differencesOf,
  differencesShown,
  frontierOf,
  frontierShown,
  validityShown,
} from '../../lib/frontier/index.ts'
import type { Candidate } from '../../lib/frontier/index.ts'
import { frontierCharts } from '../../lib/html/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import { asUsage, guarded, InputError, TERMINAL } from '../command.ts'
import type { Terminal } from '../command.ts'
import { findK6, findScript } from '../k6-process/index.ts'
import { makeFolder, write } from '../output/index.ts'
import { stampOf } from '../run/index.ts'
import { HELP, readOptions } from './options.ts'
import type { ProviderOptions } from './options.ts'
import { environmentOf, meetAlike, playProvider, sharesCache } from './play.ts'

/** `k6-inference providers`. @param shell the environment, which holds the keys */
export function main(
  argv: readonly string[],
  terminal: Terminal = TERMINAL,
  shell: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  return guarded('providers', () => providers(argv, terminal, shell), terminal)
}

async function providers(
  argv: readonly string[],
  terminal: Terminal,
  shell: NodeJS.ProcessEnv,
): Promise<number> {
  const options = readOptions(argv)
  if (options.help) {
    terminal.out(HELP)
    return 0
  }
  // Unknown limits and missing keys are told before anything is sent.
  compared([], options)
  for (const provider of options.providers) environmentOf(provider, options, shell)
  const script = await findScript(options.scenario)
  const { path: k6 } = await findK6()
  const id = `providers-${stampOf(new Date())}`
  const folder = path.resolve(options.folder, id)
  await makeFolder(folder)
  terminal.note(
    `providers: measuring ${options.providers.map(({ name }) => name).join(', ')} side by side\n`,
  )
  if (sharesCache(options)) terminal.note(SHARED)
  if (meetAlike(options)) terminal.note(ALIKE)
  const playing = { k6, script, folder, id }
  const runs = await Promise.all(
    options.providers.map((one) => playProvider(one, options, playing, shell, terminal)),
  )
  const candidates = options.providers.flatMap(({ name, price }, i): Candidate[] => {
    const run = runs[i]
    return run === undefined ? [] : [{ name, run, price }]
  })
  if (candidates.length < 2) throw new InputError('fewer than two providers could be measured')
  await report(candidates, options, terminal)
  terminal.note(`providers: records and results are in ${folder}\n`)
  return candidates.length < options.providers.length ? 1 : 0
}

const SHARED = `providers: with CACHE=natural one server gets each prompt twice, so its prefix cache makes the later one
faster: differences of TTFT mean nothing (CACHE=cold)
`

const ALIKE = `providers: requests of several runs to one server meet in the same way throughout, so differences of latencies
may be those of who comes first (leave ARRIVALS to this command)
`

async function report(
  candidates: readonly Candidate[],
  options: ProviderOptions,
  terminal: Terminal,
): Promise<void> {
  for (const { run } of candidates) for (const note of clientNotes(run)) terminal.note(note)
  const frontier = compared(candidates, options)
  const differences = differencesOf(candidates)
  const shown = [frontierShown(frontier), validityShown(candidates), differencesShown(differences)]
  const data = { format: 'k6-inference-providers', version: 1, frontier, differences }
  const page = () => ({
    beside: [{ charts: [{ title: 'Which to choose', charts: frontierCharts(frontier) }] }],
  })
  await write({ shown, data, page }, options.output, terminal)
}

function compared(candidates: readonly Candidate[], options: ProviderOptions) {
  const { limits, currency } = options
  const priced = options.providers.some(({ price }) => price !== undefined)
  const against = ['error_share', 'e2e_p95', ...defaultAxes(priced)]
  return asUsage(() => frontierOf(candidates, { against, grader: 'all', limits, currency }))
}

/** A client that was the limit says nothing of a provider. */
function clientNotes({ name, report: { client } }: Run): string[] {
  if (client.status !== 'limited') return []
  return [`providers: ${name}: the client was the limit: ${client.reasons.join('; ')}\n`]
}
