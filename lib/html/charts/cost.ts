import { NONE, num } from '../../tables/index.ts'
import type { Within } from '../../tables/index.ts'
import type { Chart, Line } from '../chart.ts'

/** A price with its interval; null where it is not known. */
interface Priced extends Within {
  readonly value: number | null
}

/** Prices with their intervals, in one currency. */
export interface CostPrices {
  currency: string
  /** By the price of a GPU hour: of a million output tokens as measured, and at the load that a replica can take. */
  fleets: readonly {
    kind: string
    replicaHour: number
    measured: Priced
    atLimit: Priced | null
  }[]
  /** A million output tokens paid by the token, their input included; null without such a price. */
  bought: number | null
  /** A request paid by the token; null where that is not set against hosting. */
  boughtPerRequest: number | null
  /** What a replica can take, requests/s. */
  perReplica: { low: number; high: number | null } | null
}

/** How far apart two points of one kind are drawn, of the distance between kinds. */
const APART = 0.12

/** The cost of tokens with its interval, and from which rate on hosting costs less than buying. */
export function costCharts(prices: CostPrices): Chart[] {
  return [...perMillionChart(prices), ...perRequestChart(prices)]
}

function perMillionChart({ currency, fleets, bought }: CostPrices): Chart[] {
  if (fleets.length === 0) return []
  const line = (label: string, color: Line['color'], by: number, of: (Priced | null)[]): Line => ({
    label,
    color,
    kind: 'dots',
    x: fleets.map((_, i) => i + by),
    values: of.map((one) => one?.value ?? null),
    low: of.map((one) => one?.low ?? null),
    high: of.map((one) => one?.high ?? null),
    rest: of.map((one) => price(one?.value ?? null)).join(' · '),
  })
  const lines = [
    line(
      'as measured',
      'tokens',
      -APART,
      fleets.map(({ measured }) => measured),
    ),
    line(
      'at the limit',
      'done',
      APART,
      fleets.map(({ atLimit }) => atLimit),
    ),
  ]
  return [
    {
      title: 'A million output tokens',
      unit: `${currency}, by price of a GPU hour`,
      x: fleets.map((_, i) => i),
      xLabel: 'price',
      xFormat: 'index',
      xRange: [-0.5, fleets.length - 0.5],
      xTicks: fleets.map((_, i) => i),
      names: fleets.map(({ kind }) => kind),
      lines: lines.filter(({ values }) => values.some((value) => value !== null)),
      limits: bought === null ? [] : [{ value: bought, label: `by the token ${price(bought)}` }],
    },
  ]
}

/** A replica costs the same at any rate, so a request costs hour / (3600 · rate). */
function perRequestChart({ currency, fleets, boughtPerRequest, perReplica }: CostPrices): Chart[] {
  if (boughtPerRequest === null || perReplica === null) return []
  const pays = fleets.map(({ replicaHour }) => replicaHour / (3600 * boughtPerRequest))
  const top = 1.25 * Math.max(perReplica.high ?? perReplica.low, ...pays)
  const least = Math.min(perReplica.low, ...pays) / 2
  const x = Array.from({ length: 60 }, (_, i) => least + ((top - least) * i) / 59)
  const colors = ['done', 'e2e', 'tpot'] as const
  const { low, high } = perReplica
  return [
    {
      title: 'A request, hosted',
      unit: `${currency}, by requests/s per replica`,
      x,
      xLabel: 'requests/s per replica',
      lines: fleets.map(({ kind, replicaHour }, i) => ({
        label: kind,
        color: colors[i] ?? 'plain',
        values: x.map((rate) => replicaHour / (3600 * rate)),
        rest: `pays from ${num(pays[i])} requests/s`,
      })),
      limits: [{ value: boughtPerRequest, label: `by the token ${price(boughtPerRequest)}` }],
      marks: [
        { at: low, label: `a replica takes ${num(low)}` },
        ...(high === null ? [] : [{ at: low, to: high, label: '' }]),
      ],
    },
  ]
}

/** Three digits, also of little money. */
function price(value: number | null): string {
  return value === null ? NONE : String(Number(value.toPrecision(3)))
}
