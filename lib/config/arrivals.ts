import type { Reading } from './reading.ts'

/** What only matters where arrivals are drawn: in an open loop, and not `constant`. */
export function drawnArrivals({ values, given, loop, warn }: Reading): void {
  if (given.has('BURSTINESS') && values.ARRIVALS !== 'gamma') {
    warn('BURSTINESS', 'BURSTINESS has no effect without ARRIVALS=gamma')
  }
  if (given.has('ARRIVALS_SEED') && values.ARRIVALS === 'constant') {
    warn('ARRIVALS_SEED', 'ARRIVALS_SEED has no effect without ARRIVALS=poisson or gamma')
  }
  if (given.has('ARRIVALS') && loop === 'closed') {
    warn('ARRIVALS', 'ARRIVALS has no effect on a closed loop: answers set its pace')
  }
}
