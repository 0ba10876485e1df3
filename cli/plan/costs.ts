/** What a load costs k6, by docs/sizing.md. */
export interface Costs {
  /** CPU of a streamed token, beyond its request. */
  cpuUsPerToken: number
  /** CPU of a request without its tokens: prompt, connection, samples. */
  cpuUsPerRequest: number
  /** Resident memory of a VU with its bundle. */
  mibPerVu: number
  /** Resident memory of k6 before there is a VU. */
  mibBase: number
  /** Memory that a request's samples keep to the end of the run. */
  bytesPerRequest: number
}

/** Measured by `npm run bench:sizing`; docs/sizing.md says on which machine. */
export const COSTS: Costs = {
  cpuUsPerToken: 90,
  cpuUsPerRequest: 3020,
  mibPerVu: 2.9,
  mibBase: 93,
  bytesPerRequest: 4800,
}
