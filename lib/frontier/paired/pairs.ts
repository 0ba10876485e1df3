import type { RequestSample, Run } from '../../runs/index.ts'

/** Two requests of the same prompt. */
export interface Pair {
  readonly own: RequestSample
  readonly other: RequestSample
}

/**
 * Measured requests of the same prompt: the n-th of each run, as runs of one SEED and RUN_ID send the same. Without
 * records there are none.
 */
export function pairsOf(own: Run, other: Run): Pair[] {
  const partners = new Map(measured(other).map((request) => [request.id, request]))
  return measured(own).flatMap((request) => {
    const partner = partners.get(request.id)
    if (partner === undefined || partner.promptId !== request.promptId) return []
    return [{ own: request, other: partner }]
  })
}

function measured({ requests = [] }: Run): RequestSample[] {
  return requests.filter((request) => request.measured)
}
