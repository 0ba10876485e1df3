import { breakEven, HOURS_A_MONTH, replicaHour } from '../../lib/cost/index.ts'
import type { Limit, Usage } from '../../lib/cost/index.ts'
import { count, NONE, num, percent } from '../../lib/tables/index.ts'
import type { Shown } from '../../lib/tables/index.ts'
import type { CostOptions } from './options.ts'
import { money } from './show.ts'
import type { BreakEvenAt, CostData } from './types.ts'

/** Buying against hosting, at each price of a GPU hour; null where a price, the capacity or the tokens are missing. */
export function breakEvens(
  usage: Usage,
  { tokenPrice, hours, replica, losses, atLeast, inputWeight }: CostOptions,
  limit: Limit | undefined,
  months: CostData['months'],
): BreakEvenAt[] | null {
  if (tokenPrice === undefined || limit === undefined) return null
  const { perReplica } = limit
  const averageOverPeak = months?.[0]?.month.averageOverPeak ?? 1
  const found = hours.flatMap(({ kind, price }): BreakEvenAt[] => {
    const host = { replicaHour: replicaHour(price, replica), perReplica, losses, atLeast }
    const at = breakEven(usage, tokenPrice, { ...host, averageOverPeak, inputWeight })
    return at === null ? [] : [{ kind, ...at, month: monthOf(kind, at, months) }]
  })
  return found.length === 0 ? null : found
}

function monthOf(
  kind: string,
  { lines }: Pick<BreakEvenAt, 'lines'>,
  months: CostData['months'],
): BreakEvenAt['month'] {
  const month = months?.find(({ name }) => name === kind)?.month
  const [all] = lines
  if (month === undefined || all === undefined) return null
  const requests = month.averageRate * 3600 * HOURS_A_MONTH
  const { staticCost: hostStatic, scaledCost: hostScaled } = month
  return { requests, buy: requests * all.buyPerRequest, hostStatic, hostScaled }
}

/** Why no load of this shape pays for a fleet: its price, or that it is not in use enough. */
function neverPays([all]: BreakEvenAt['lines']): string {
  const use = all?.use ?? null
  return use === null || use > 1
    ? 'Buying is cheaper at any load of this kind: even a fleet in full use costs more per request.'
    : `Buying is cheaper than a fleet sized for the peak, at any load of this shape: hosting pays from ${percent(use)} use on, and its mean use stays below.`
}

/** The table of buying against hosting at one price of a GPU hour. */
export function breakEvenShown(
  { kind, lines, least, month }: BreakEvenAt,
  { currency, limit }: Pick<CostData, 'currency' | 'limit'>,
): Shown {
  const doubts = limit?.doubts ?? []
  const several = (by: string) => lines.filter((line) => line.by === by).length > 1
  return {
    title: `Buy or host, at ${kind.replace(' ', '-')} GPU prices`,
    status: doubts.length > 0 ? 'unclear' : 'none',
    facts: [
      ...doubts.map((doubt) => `Caution: ${doubt}.`),
      least === null
        ? neverPays(lines)
        : `Hosting pays from ${count(Math.ceil(least.requestsPerMonth))} requests per month on: ${count(least.replicas)} replicas and the tokens cost ${money(least.perMonth, currency)} each then.`,
      ...(month === null
        ? []
        : [
            `The given load is ${count(Math.round(month.requests))} requests per month: ${money(month.buy, currency)} bought, ${money(month.hostStatic, currency)} on a static fleet, ${money(month.hostScaled, currency)} on a scaled one.`,
          ]),
    ],
    heading: ['', 'bought, per request', 'hosted, in full use', 'hosting pays from', 'use'],
    rows: lines
      .filter(({ by }) => by === 'all' || several(by))
      .map(({ by, name, buyPerRequest, hostPerRequest, perReplicaPerS, use }) => [
        by === 'all' ? 'all' : `${by} ${name}`,
        money(buyPerRequest, currency),
        money(hostPerRequest, currency),
        perReplicaPerS === null ? NONE : `${num(perReplicaPerS)} requests/s per replica`,
        use === null ? NONE : use > 1 ? 'never' : percent(use),
      ]),
    tones: [],
    notes: [
      'Of replicas in use by the whole mix of the run: at which rate per replica, and which use of their limit, a request costs as much as its tokens. Requests per month count whole replicas and those to lose, at the given load’s mean / peak (a load that never changes without one). A request of an application counts by its work.',
    ],
  }
}
