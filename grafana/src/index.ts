import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { alertRules } from './alerts.ts'
import { clientServer } from './dashboards/client-server.ts'
import { compare } from './dashboards/compare.ts'
import { cost } from './dashboards/cost.ts'
import { hosts } from './dashboards/hosts.ts'
import { loadTest } from './dashboards/load-test.ts'
import { runs } from './dashboards/runs.ts'
import { envFile } from './env.ts'
import { kubernetesFiles } from './kubernetes.ts'
import { MODES } from './modes.ts'
import type { Mode } from './modes.ts'

export { ALERTS, expressionOf } from './alerts.ts'
export type { Alert } from './alerts.ts'
export { outputEnv } from './env.ts'
export { MODES } from './modes.ts'
export type { Mode } from './modes.ts'
export { chosenAtFirst, fillIn, openedWith, textOf } from './values.ts'

const PAGES = { runs, 'load-test': loadTest, 'client-server': clientServer, hosts, compare, cost }

export type PageName = keyof typeof PAGES

export function dashboards(mode: Mode): Record<PageName, Dashboard> {
  return Object.fromEntries(
    Object.entries(PAGES).map(([name, make]) => [name, make(mode)]),
  ) as Record<PageName, Dashboard>
}

/** Everything that is made of code and checked in: paths from `grafana/` to contents. */
export function generatedFiles(): Record<string, string> {
  const files: Record<string, string> = {
    'prometheus/alerts.yml': alertRules(),
    ...kubernetesFiles(Object.keys(PAGES)),
  }
  for (const mode of MODES) {
    files[`k6-${mode}.env`] = envFile(mode)
    for (const [name, dashboard] of Object.entries(dashboards(mode))) {
      files[`dashboards/${mode}/${name}.json`] = `${JSON.stringify(dashboard, null, 2)}\n`
    }
  }
  return files
}
