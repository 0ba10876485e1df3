import type { CostPrices } from '../../lib/html/index.ts'

/** Two prices of a GPU hour, and tokens that are paid by the million. */
export const PRICES: CostPrices = {
  currency: 'USD',
  fleets: [
    {
      kind: 'on demand',
      replicaHour: 7.2,
      measured: { value: 5, low: 4.8, high: 5.3 },
      atLimit: { value: 4, low: 3.5, high: 4 },
    },
    {
      kind: 'spot',
      replicaHour: 3.6,
      measured: { value: 2.5, low: null, high: null },
      atLimit: null,
    },
  ],
  bought: 6,
  boughtPerRequest: 0.001,
  perReplica: { low: 5, high: 6 },
}
