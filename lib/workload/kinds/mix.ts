import { codeCompletion } from './code.ts'
import { chat } from './chat.ts'
import { KIND_LENGTHS, type Kind } from './defaults.ts'
import { embeddings } from './embeddings.ts'
import { offline } from './offline.ts'
import { rag } from './rag.ts'
import { reasoning } from './reasoning.ts'
import { structured } from './structured.ts'
import { summarize } from './summarize.ts'
import { tools } from './tools.ts'
import { weighted } from '../lengths.ts'
import { randomOf } from '../random.ts'
import type { Workload, WorkloadConfig } from '../types.ts'

/** Random stream that decides which application a request belongs to. */
const CHOICE = 3

/** Kinds made of single requests, by name; agents and conversations are sessions, so not among them. */
export const SINGLE_KINDS: Readonly<
  Record<Exclude<Kind, 'agent'>, (config: WorkloadConfig) => Workload>
> = {
  chat,
  rag,
  summarize,
  code: codeCompletion,
  reasoning,
  tools,
  structured,
  embeddings,
  offline,
}

export type SingleKind = keyof typeof SINGLE_KINDS

/** Shares of a general-purpose service, in which chat dominates and agents' calls are growing. */
export const DEFAULT_MIX: Readonly<Partial<Record<SingleKind, number>>> = {
  chat: 40,
  rag: 20,
  summarize: 10,
  code: 15,
  tools: 10,
  structured: 5,
}

/**
 * Several applications on one server. The seed assigns request n to an application; `app` names it.
 *
 * @param parts workloads with their weights (on any positive scale); all of one wire format
 * @throws Error without an application, or when they differ in wire format
 */
export function mixOf(
  config: WorkloadConfig,
  parts: readonly { workload: Workload; weight: number }[],
): Workload {
  const used = parts.filter((p) => p.weight > 0)
  const first = used[0]?.workload
  if (!first) throw new Error('a mix needs at least one application with a weight above 0')
  const stranger = used.find((p) => p.workload.wire !== first.wire)?.workload
  if (stranger)
    throw new Error(
      `a mix speaks one wire format: "${first.name}" needs ${first.wire}, "${stranger.name}" ${stranger.wire}`,
    )
  const workloads = used.map((p) => p.workload)
  const weights = used.map((p) => p.weight)
  return {
    name: 'mix',
    wire: first.wire,
    frames: workloads.flatMap((w) => w.frames),
    apps: workloads.map((w) => w.name),
    request: (n, context) =>
      weighted(workloads, weights, randomOf(config.load.seed, n, CHOICE)).request(n, context),
  }
}

/** The kinds by weight, each with its own lengths. */
export function mix(
  config: WorkloadConfig,
  weights: Readonly<Partial<Record<SingleKind, number>>> = DEFAULT_MIX,
): Workload {
  const parts = Object.entries(weights).map(([name, weight]) => {
    const kind = name as SingleKind
    return { weight, workload: SINGLE_KINDS[kind]({ ...config, ...KIND_LENGTHS[kind] }) }
  })
  return mixOf(config, parts)
}

/**
 * The mix described by a text such as `chat:40,rag:20`; without one, the default mix.
 * @throws Error with everything that is wrong with the text
 */
export function mixOfText(config: WorkloadConfig, text: string | undefined): Workload {
  if (text === undefined) return mix(config)
  const parsed = parseMix(text)
  if (!parsed.ok) throw new Error(parsed.problems.join('; '))
  return mix(config, parsed.weights)
}

/**
 * Reads shares such as `chat:40,rag:20,code:15`.
 * @returns the weights, or everything that is wrong
 */
export function parseMix(
  text: string,
): { ok: true; weights: Partial<Record<SingleKind, number>> } | { ok: false; problems: string[] } {
  const weights: Partial<Record<SingleKind, number>> = {}
  const problems: string[] = []
  const kinds = Object.keys(SINGLE_KINDS)
  for (const entry of text.split(',').map((e) => e.trim())) {
    const match = /^([a-z]+)\s*[:=]\s*(\d+(?:\.\d+)?)%?$/.exec(entry)
    const [, name = '', share = ''] = match ?? []
    if (!match) problems.push(`mix: "${entry}" is not NAME:WEIGHT, such as chat:40`)
    else if (!kinds.includes(name))
      problems.push(`mix: no application "${name}"; accepted: ${kinds.join(', ')}`)
    else if (name in weights) problems.push(`mix: "${name}" is named twice`)
    else weights[name as SingleKind] = Number(share)
  }
  if (problems.length === 0 && Object.values(weights).every((w) => w === 0))
    problems.push('mix: all weights are 0')
  return problems.length > 0 ? { ok: false, problems } : { ok: true, weights }
}
