import { overlap, segmentBounds, segmentParts } from '../../metrics/index.ts'
import type { RunRecord } from '../../records/index.ts'

type Head = { readonly file: string; readonly head: RunRecord }

/** Variables that may differ between the pods of one run. */
const OWN_TO_A_POD = new Set(['RESULTS'])

/** Sorts pods by their part of the load. */
export function podsInOrder<P extends Head>(pods: readonly P[]): P[] {
  return [...pods].sort(
    (a, b) =>
      startOf(a) - startOf(b) ||
      compare(a.head.startedAt, b.head.startedAt) ||
      compare(a.file, b.file),
  )
}

/**
 * Why pods cannot be those of one run.
 * @param pods in order of their parts of the load
 * @returns one sentence each, beginning with a file's name; empty when the pods fit together
 */
export function misfits(pods: readonly Head[]): string[] {
  const [first, ...others] = pods
  if (first === undefined) return []
  const undated = pods
    .filter(({ head }) => Number.isNaN(Date.parse(head.startedAt)))
    .map(({ file, head }) => `${file} began at ${JSON.stringify(head.startedAt)}, which is no time`)
  return [...undated, ...others.flatMap((pod) => difference(pod, first)), ...doubles(pods)]
}

/** The parts of the load that pods played, in order; a pod that is itself merged has several. */
export function partsOf(pods: readonly Head[]): (string | null)[] {
  const from = (part: string | null) => segmentBounds(part)?.from ?? 0
  return pods.flatMap(partsOfPod).sort((a, b) => from(a) - from(b))
}

/** Name of a pod's part of the load. */
export function partName(segment: string | null): string {
  return segment ?? '0:1'
}

/** Variables of a run's public configuration. */
export function variablesOf({ run }: RunRecord): Map<string, unknown> {
  const config = run['config'] as { values?: Record<string, unknown> } | undefined
  return new Map(Object.entries(config?.values ?? {}))
}

/** Whether pods asked for different things, by their digests. */
export function workloadDiffers(pods: readonly Pick<Head, 'head'>[]): boolean {
  return new Set(pods.map(({ head }) => JSON.stringify(head.run['workload']))).size > 1
}

function difference({ file, head }: Head, first: Head): string[] {
  const [own, other] = [head.run, first.head.run]
  if (own.scenario !== other.scenario) {
    return [`${file} is of scenario ${own.scenario}, ${first.file} of ${other.scenario}`]
  }
  if (!equal({ ...own.plan, segment: null }, { ...other.plan, segment: null })) {
    return [`${file} has another plan than ${first.file}`]
  }
  if (!equal(own.slo, other.slo)) return [`${file} has other limits than ${first.file}`]
  const [mine, theirs] = [variablesOf(head), variablesOf(first.head)]
  const names = [...new Set([...mine.keys(), ...theirs.keys()])].filter(
    (name) => !OWN_TO_A_POD.has(name) && !equal(mine.get(name), theirs.get(name)),
  )
  if (names.length > 0) return [`${file} has another ${names.join(', ')} than ${first.file}`]
  const [model, wanted] = [modelOf(own), modelOf(other)]
  return model === wanted ? [] : [`${file} asked model ${model}, ${first.file} ${wanted}`]
}

function doubles(pods: readonly Head[]): string[] {
  return pods.flatMap((pod, i) => pods.slice(i + 1).flatMap((other) => double(pod, other)))
}

function double(a: Head, b: Head): string[] {
  const clash = partsOfPod(a).some((one) => partsOfPod(b).some((other) => overlap(one, other)))
  if (!clash) return []
  const [one, other] = [a, b].map(({ head }) => partName(head.run.plan.segment))
  const what = one === other ? `both played segment ${one}` : `played ${one} and ${other}`
  return [
    `${a.file} and ${b.file} ${what} of the load: a pod given twice, pods of two runs, or k6 without --execution-segment`,
  ]
}

function partsOfPod({ head }: Head): (string | null)[] {
  return segmentParts(head.run.plan.segment) ?? [null]
}

function startOf(pod: Head): number {
  return segmentBounds(partsOfPod(pod)[0] ?? null)?.from ?? 0
}

function modelOf(run: RunRecord['run']): string {
  const { server } = run as { server?: { model?: string } }
  return server?.model ?? 'of no name'
}

/** Both come from JSON that the same program wrote, so their keys are in the same order. */
function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
