import { K6_MEMORY } from '../../lib/load/index.ts'

/** What a load costs k6; see docs/sizing.md. */
export interface Costs {
  /** CPU per streamed token, without its share of the request. */
  cpuUsPerToken: number
  /** CPU per request without its tokens: prompt, connection, samples. */
  cpuUsPerRequest: number
  /** Resident memory per VU, with its bundle. */
  mibPerVu: number
  /** Resident memory of k6 without any VU. */
  mibBase: number
  /** Memory per request that its samples hold until the end of the run. */
  bytesPerRequest: number
}

/** Measured by `npm run bench:sizing`; docs/sizing.md says on which machine. */
export const COSTS: Costs = {
  cpuUsPerToken: 90,
  cpuUsPerRequest: 3020,
  ...K6_MEMORY,
  bytesPerRequest: 4800,
}
