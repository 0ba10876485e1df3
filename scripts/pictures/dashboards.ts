import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { dashboards, openedWith } from '../../grafana/src/index.ts'
import type { Prometheus } from '../prometheus.ts'
import { node } from './runs.ts'
import type { Played } from './runs.ts'

const PREVIEW = fileURLToPath(new URL('../../grafana/preview', import.meta.url))

/** Dashboards by the name of their picture. */
const DASHBOARDS = {
  dashboard: 'load-test',
  'dashboard-runs': 'runs',
  'dashboard-client-server': 'client-server',
  'dashboard-compare': 'compare',
  'dashboard-cost': 'cost',
} as const

/**
 * Draws the checked-in dashboards from the Prometheus with Grafana's own components, where the preview's
 * packages are installed; says so where they are not.
 * @returns names of the pictures
 */
export async function shootDashboards(
  { prometheus, span }: Played,
  images: string,
): Promise<string[]> {
  if (!existsSync(path.join(PREVIEW, 'node_modules'))) {
    console.error(`no pictures of dashboards: run npm install in ${PREVIEW} first`)
    return []
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-pictures-'))
  for (const [name, page] of Object.entries(DASHBOARDS)) {
    // The list shows all runs, the others the first spike.
    const { startS } = span
    const endS = page === 'runs' ? span.allEndS : span.endS
    const request = path.join(folder, `${name}.json`)
    const values = await valuesOf(prometheus, startS, endS, span.allEndS)
    writeFileSync(request, JSON.stringify({ mode: 'native', page, startS, endS, stepS: 1, values }))
    await draw(path.join(images, `${name}.png`), request, prometheus.url)
  }
  rmSync(folder, { recursive: true, force: true })
  return Object.keys(DASHBOARDS)
}

async function draw(picture: string, request: string, url: string): Promise<void> {
  const shooter = path.join(PREVIEW, 'shoot.mjs')
  const code = await node([shooter, picture, request], { PROMETHEUS_URL: url })
  if (code !== 0) throw new Error(`${picture}: the preview ended with ${code}`)
}

/** Values of the dashboards' variables, as Grafana has them when one opens the first spike. */
async function valuesOf(prometheus: Prometheus, startS: number, endS: number, allEndS: number) {
  const range = Math.round(endS - startS)
  const given = {
    testid: 'before',
    run_a: 'before',
    run_b: 'after',
    datasource: 'prometheus',
    __range: `${range}s`,
    __range_s: range,
    __interval: '5s',
  }
  return openedWith(Object.values(dashboards('native')), given, async (expr) => {
    const [series] = await prometheus.instant(expr, allEndS)
    return series?.points[0]?.value ?? Number.NaN
  })
}
