/** The parts of a Pod, as the API gives it, that are used. */
export interface Pod {
  metadata: { name: string }
  status?: {
    phase?: string
    reason?: string
    message?: string
    conditions?: readonly { type: string; status: string; reason?: string; message?: string }[]
    initContainerStatuses?: readonly ContainerStatus[]
    containerStatuses?: readonly ContainerStatus[]
  }
}

interface ContainerStatus {
  name: string
  state?: {
    waiting?: { reason?: string; message?: string }
    running?: object
    terminated?: { exitCode: number; reason?: string; message?: string }
  }
}

/** What became of one pod of a run. */
export interface PodState {
  name: string
  /** Whether k6 has begun, so that there is a log. */
  begun: boolean
  ended: boolean
  /** Why k6 has not begun yet, in the cluster's words. */
  waits: string | undefined
  /** Why the pod did not end by itself, in the cluster's words. */
  lost: string | undefined
}

/** Exit codes with which k6 ends a run by itself: all limits kept, a limit missed. */
const OWN_ENDS = new Set([0, 99])

/** Reads what the cluster says of a pod. */
export function stateOf(pod: Pod): PodState {
  const { phase = 'Pending', containerStatuses = [] } = pod.status ?? {}
  const { running, terminated } = containerStatuses[0]?.state ?? {}
  const ended = phase === 'Succeeded' || phase === 'Failed'
  const begun = running !== undefined || terminated !== undefined
  return {
    name: pod.metadata.name,
    begun,
    ended,
    waits: begun || ended ? undefined : waitsFor(pod),
    lost: ended ? lostBy(pod) : undefined,
  }
}

/** @returns undefined for a pod that is merely starting */
function waitsFor({ status = {} }: Pod): string | undefined {
  const { conditions = [], initContainerStatuses = [], containerStatuses = [] } = status
  const unplaced = conditions.find(
    ({ type, status: is }) => type === 'PodScheduled' && is === 'False',
  )
  if (unplaced !== undefined) return words(unplaced.reason, unplaced.message)
  for (const { state } of [...initContainerStatuses, ...containerStatuses]) {
    const { reason, message } = state?.waiting ?? {}
    if (reason !== undefined && !/^(ContainerCreating|PodInitializing)$/.test(reason)) {
      return words(reason, message)
    }
  }
  return undefined
}

function lostBy({ status = {} }: Pod): string | undefined {
  const { reason, message, conditions = [] } = status
  const disrupted = conditions.find(
    ({ type, status: is }) => type === 'DisruptionTarget' && is === 'True',
  )
  if (reason !== undefined) return words(reason, message)
  if (disrupted !== undefined) return words(disrupted.reason, disrupted.message)
  for (const { name, state } of status.initContainerStatuses ?? []) {
    const { exitCode = 0, message: last } = state?.terminated ?? {}
    if (exitCode !== 0)
      return words(`init container ${name} ended with exit code ${exitCode}`, last)
  }
  const ended = status.containerStatuses?.[0]?.state?.terminated
  if (ended === undefined || OWN_ENDS.has(ended.exitCode)) return undefined
  const why = ended.reason === undefined || ended.reason === 'Error' ? '' : `${ended.reason}, `
  return words(`${why}exit code ${ended.exitCode}`, ended.message)
}

function words(reason = 'no reason given', message = ''): string {
  return message === '' ? reason : `${reason}: ${message}`
}
