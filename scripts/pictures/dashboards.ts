import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { dashboards, openedWith } from '../../grafana/src/index.ts'
import type { PageName } from '../../grafana/src/index.ts'
import type { Prometheus } from '../prometheus.ts'
import type { Span } from './play.ts'
import { runNode } from './program.ts'
import { NIGHTLY } from './runs.ts'

const PREVIEW = fileURLToPath(new URL('../../grafana/preview', import.meta.url))

export interface DashboardPicture {
  page: PageName
  /** The runs that it shows. */
  runs: readonly string[]
  /** Whether its time range is that of all of them, and not of the first. */
  all?: true
  /** What is shown of it, px; by default all. */
  height?: number
}

/** Dashboards by the name of their picture. */
export const DASHBOARDS: Readonly<Record<string, DashboardPicture>> = {
  dashboard: { page: 'load-test', runs: ['before'], height: 1_505 },
  'dashboard-runs': { page: 'runs', runs: ['before', 'after', 'sweep', ...NIGHTLY], all: true },
  'dashboard-client-server': { page: 'client-server', runs: ['before'] },
  'dashboard-hosts': { page: 'hosts', runs: ['before'], height: 670 },
  'dashboard-compare': { page: 'compare', runs: ['before', 'after'] },
  'dashboard-cost': { page: 'cost', runs: ['sweep'] },
}

/**
 * Draws checked-in dashboards from the Prometheus with Grafana's own components.
 * @param names of the pictures
 * @param folder where they are put, as PNG
 * @param spans when each run was played
 * @throws Error where the preview's packages are missing, or one could not be drawn: the others are
 */
export async function shootDashboards(
  names: readonly string[],
  folder: string,
  spans: Readonly<Record<string, Span>>,
  prometheus: Prometheus,
): Promise<void> {
  if (!existsSync(path.join(PREVIEW, 'node_modules')))
    throw new Error(`the preview's packages are missing: npm install --prefix ${PREVIEW}`)
  const requests = []
  for (const name of names) {
    const { page, runs, all, height } = DASHBOARDS[name] as DashboardPicture
    const own = (all ? runs : runs.slice(0, 1)).flatMap((run) => spans[run] ?? [])
    const startS = Math.min(...own.map((span) => span.startS))
    const endS = Math.max(...own.map((span) => span.endS))
    // Those that tell of two runs, once both are over.
    const overS = Math.max(...runs.flatMap((run) => spans[run]?.endS ?? []))
    const values = await valuesOf(prometheus, path.basename(runs[0] ?? ''), { startS, endS }, overS)
    const picture = path.join(folder, `${name}.png`)
    requests.push({ picture, mode: 'native', page, height, startS, endS, stepS: 1, values })
  }
  const file = path.join(folder, 'dashboards.json')
  writeFileSync(file, JSON.stringify(requests))
  const env = { PROMETHEUS_URL: prometheus.url }
  await runNode([path.join(PREVIEW, 'shoot.mjs'), file], { minutes: 10, env })
}

/** Values of the dashboards' variables, as Grafana has them when one opens the run. */
async function valuesOf(prometheus: Prometheus, testid: string, shown: Span, overS: number) {
  const range = Math.round(shown.endS - shown.startS)
  const given = {
    testid,
    run_a: 'before',
    run_b: 'after',
    datasource: 'prometheus',
    __range: `${range}s`,
    __range_s: range,
    // As often as the runs send.
    __interval: '2s',
  }
  return openedWith(Object.values(dashboards('native')), given, async (expr) => {
    const [series] = await prometheus.instant(expr, overS)
    return series?.points[0]?.value ?? Number.NaN
  })
}
