import { shareEstimate, shareEstimateFromSlices } from '../../../lib/statistics/index.ts'
import { randomSource } from '../../../lib/random/index.ts'
import { count, none } from './cover.ts'
import type { Coverage, Kind } from './cover.ts'

/** How failures come: the share of the requests that they are, and the mean size of their groups. */
export interface ShareCell {
  readonly share: number
  readonly group: number
  readonly requests: number
}

const SLICES = 12

/** How often intervals of the share of failures hold. Requests come at even times. */
export function coverShares(cell: ShareCell, runs: number): Record<Kind, Coverage> {
  const counted = { records: none(), slices: none() }
  const { share, requests } = cell
  const timesMs = Float64Array.from({ length: requests }, (_, i) => i)
  for (let seed = 1; seed <= runs; seed++) {
    const values = failures(cell, seed)
    count(counted.records, shareEstimate({ values, timesMs }), share)
    count(counted.slices, shareEstimateFromSlices(slicesOf(values)), share)
  }
  return counted
}

/** Failures in groups of a mean size, which are a share of the whole. */
function failures({ share, group, requests }: ShareCell, seed: number): Uint8Array {
  const random = randomSource(seed, `failures ${group}`)
  const failed = new Uint8Array(requests)
  const stays = group === 1 ? share : 1 - 1 / group
  const begins = group === 1 ? share : share / group / (1 - share)
  let inside = random() < share
  for (let i = 0; i < requests; i++) {
    failed[i] = inside ? 1 : 0
    inside = random() < (inside ? stays : begins)
  }
  return failed
}

function slicesOf(failed: Uint8Array): { count: number; hits: number }[] {
  return Array.from({ length: SLICES }, (_, i) => {
    const at = (edge: number) => Math.round((edge * failed.length) / SLICES)
    const part = failed.subarray(at(i), at(i + 1))
    return { count: part.length, hits: part.reduce((sum, one) => sum + one, 0) }
  })
}
