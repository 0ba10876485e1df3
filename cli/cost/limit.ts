import type { Limit } from '../../lib/cost/index.ts'
import { readCapacity, workloadDifferences } from '../../lib/capacity/index.ts'
import type { CapacityFile, Workload } from '../../lib/capacity/index.ts'
import { InputError } from '../command.ts'
import { readJson } from '../run-folder/index.ts'

/**
 * What `--capacity` says of a replica.
 * @param given requests/s, or the file that `capacity` wrote
 * @param workload of the run whose cost is asked for: a capacity holds for requests like those it was
 *   measured with only
 * @throws InputError for a file that is none, without a capacity, or of other requests
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
    throw new InputError(`${given}: ${read.message}; accepted: such a file, or requests/s above 0`)
  const { capacity } = read
  if (capacity.unit !== 'requests/s')
    throw new InputError(`${given}: is in ${capacity.unit}; a capacity in requests/s is accepted`)
  if (capacity.perReplica === null)
    throw new InputError(`${given}: no load was found that the server keeps (${capacity.status})`)
  return {
    perReplica: capacity.perReplica,
    outputTokensPerS: capacity.outputTokensPerS,
    high: capacity.high,
    doubts: [...precisionDoubts(capacity), ...workloadDoubts(given, capacity, workload)],
  }
}

/** What a capacity that is not known to the precision that was asked for means for a price. */
function precisionDoubts({ status, precision, perReplica }: CapacityFile): string[] {
  if (status === 'found') return []
  if (status !== 'imprecise')
    return [`no capacity was found (${status}): ${perReplica} requests/s is the most that was kept`]
  return [
    precision === null
      ? 'the capacity has no interval: how far this price is off is not known'
      : `the capacity is known only to ±${Math.ceil(100 * precision)} %, and so is this price`,
  ]
}

function workloadDoubts(file: string, capacity: CapacityFile, workload: Workload): string[] {
  if (capacity.workload === null)
    return ['what requests the capacity was measured with is not known']
  const { refused, noted } = workloadDifferences(capacity.workload, workload)
  if (refused.length > 0)
    throw new InputError(
      `${file}: was measured with other requests than this run's: ${refused.join('; ')}. Measure the capacity with the run's variables; or give requests/s as a number where you know that they hold`,
    )
  return noted.length === 0 ? [] : [`the capacity was measured with ${noted.join('; ')}`]
}
