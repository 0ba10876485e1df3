import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { findRuns, readRun } from '../../cli/run-folder/index.ts'
import { startSimulator } from '../../simulator/index.ts'
import type { Prometheus } from '../prometheus.ts'
import { runProgram } from './program.ts'
import { PLANS, PORTS } from './runs.ts'
import type { Plan } from './runs.ts'

/** When a run was played, epoch seconds. */
export interface Span {
  startS: number
  endS: number
}

/** How often a run is played before it is given up, as the machine was too busy for it. */
const TRIES = 3

/**
 * Plays a run against the simulator, unless the folder holds it already.
 * @param folder of all runs
 * @throws Error where it cannot be played, or the client was its limit each time
 */
export async function play(name: string, folder: string, prometheus: Prometheus): Promise<void> {
  const own = path.join(folder, name)
  if (existsSync(own)) return
  const plan = PLANS[name]
  if (plan === undefined) throw new Error(`no run is named ${name}`)
  for (let left = TRIES; left > 0; left--) {
    const played = path.join(folder, 'playing')
    rmSync(played, { recursive: true, force: true })
    mkdirSync(played)
    const span = await playOnce(plan, played, path.basename(name), prometheus)
    const limits = plan.clientLimits?.(played) ?? (await clientLimits(played))
    if (limits.length > 0) {
      console.error(`${name}: the client was the limit (${limits.join('; ')})`)
      continue
    }
    mkdirSync(path.dirname(own), { recursive: true })
    renameSync(plan.command('', '')[0] === 'run' ? onlyFolderIn(played) : played, own)
    noteSpan(folder, name, span)
    return
  }
  throw new Error(`the client was the limit ${TRIES} times: too much else runs on this machine`)
}

async function playOnce(
  { servers, command, mostMinutes }: Plan,
  folder: string,
  testid: string,
  prometheus: Prometheus,
): Promise<Span> {
  const running = await Promise.all(
    servers.map(async (settings, i) => startSimulator({ ...settings, port: PORTS[i] })),
  )
  try {
    const startS = Date.now() / 1000
    await runProgram(command(folder, testid), mostMinutes, prometheus)
    return { startS, endS: Date.now() / 1000 }
  } finally {
    await Promise.all(running.map(async (simulator) => simulator.close()))
  }
}

/** Why runs below a folder say nothing of the server. */
async function clientLimits(folder: string): Promise<string[]> {
  const reasons: string[] = []
  for (const below of foldersBelow(folder)) {
    const runs = await findRuns(below).catch(() => [])
    for (const { results, records } of runs.filter(({ name }) => name === below)) {
      const { client } = (await readRun([...results.slice(0, 1), ...records])).report
      if (client.status === 'limited') reasons.push(...client.reasons)
    }
  }
  return reasons
}

function foldersBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  const folders = entries.filter((entry) => entry.isDirectory())
  return [folder, ...folders.map(({ parentPath, name }) => path.join(parentPath, name))]
}

/** `run` makes one, named by the time. */
function onlyFolderIn(folder: string): string {
  const [name = ''] = readdirSync(folder)
  return path.join(folder, name)
}

/** When each run of a folder was played, by its name. */
export function spansOf(folder: string): Readonly<Record<string, Span>> {
  const file = path.join(folder, 'spans.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Span>) : {}
}

function noteSpan(folder: string, name: string, span: Span): void {
  const spans = { ...spansOf(folder), [name]: span }
  writeFileSync(path.join(folder, 'spans.json'), JSON.stringify(spans, null, 2))
}
