import type { Limit } from '../../lib/cost/index.ts'
import { readCapacity, workloadDifferences } from '../../lib/capacity/index.ts'
import type { CapacityFile, Workload } from '../../lib/capacity/index.ts'
import { InputError } from '../command.ts'
import { readJson } from '../run-folder/index.ts'

/**
 * Reads `--capacity`: the load that one replica can take.
 * @param given requests/s, or a file that `capacity` wrote
 * @param workload of the run being costed: a capacity holds only for requests like those it was
 *   measured with
 * @throws InputError for a file that is not a capacity, holds none, or was measured with other requests
 */
export async function readLimit(given: string, workload: Workload): Promise<Limit> {
  const tokens = workload.outputTokensMean
  const rate = Number(given)
  if (/^\d+(\.\d+)?$/.test(given) && rate > 0) {
    const outputTokensPerS = tokens === null ? null : rate * tokens
    return { perReplica: rate, outputTokensPerS, high: null, doubts: [] }
  }
  const read = readCapacity(await readJson(given))
  if (!read.ok)
    throw new InputError(
      `${given}: ${read.message}; accepted: a file that capacity wrote, or requests/s above 0`,
    )
  const { capacity } = read
  if (capacity.unit !== 'requests/s')
    throw new InputError(`${given}: is in ${capacity.unit}; a capacity in requests/s is accepted`)
  if (capacity.perReplica === null)
    throw new InputError(`${given}: found no load that keeps the limits (${capacity.status})`)
  return {
    perReplica: capacity.perReplica,
    outputTokensPerS: capacity.outputTokensPerS,
    high: capacity.high,
    doubts: [...precisionDoubts(capacity), ...workloadDoubts(given, capacity, workload)],
  }
}

/** What an imprecise capacity means for a price. */
function precisionDoubts({ status, precision, perReplica }: CapacityFile): string[] {
  if (status === 'found') return []
  if (status !== 'imprecise')
    return [`no capacity was found (${status}): ${perReplica} requests/s is the most that was kept`]
  return [
    precision === null
      ? 'the capacity has no interval, so the error of this price is unknown'
      : `the capacity is known only to ±${Math.ceil(100 * precision)} %, and so is this price`,
  ]
}

function workloadDoubts(file: string, capacity: CapacityFile, workload: Workload): string[] {
  if (capacity.workload === null)
    return ['it is not known which requests the capacity was measured with']
  const { refused, noted } = workloadDifferences(capacity.workload, workload)
  if (refused.length > 0)
    throw new InputError(
      `${file}: was measured with other requests than this run's: ${refused.join('; ')}. Measure the capacity with the run's variables, or give requests/s as a number if you know it holds`,
    )
  return noted.length === 0 ? [] : [`the capacity was measured with ${noted.join('; ')}`]
}
