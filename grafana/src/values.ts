import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'

type Values = Readonly<Record<string, string | number>>

/** Fills in variables as Grafana does: `$name`, `${name}`. @throws Error when one has no value */
export function fillIn(expr: string, values: Values): string {
  return expr.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? ''
    const value = values[name]
    if (value === undefined) throw new Error(`no value for $${name} in ${expr}`)
    return String(value)
  })
}

/** What the variables of dashboards have when one opens, those that ask Prometheus for a value left out. */
export function chosenAtFirst(dashboards: readonly Dashboard[]): Record<string, string> {
  const chosen = variablesOf(dashboards).flatMap(({ name, current, allValue }) => {
    const value = current?.value === '$__all' ? allValue : current?.value
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return Object.fromEntries(chosen)
}

/**
 * Values of the variables of dashboards, as Grafana has them when one opens.
 *
 * @param given the run, the time range, and what is chosen otherwise than at first
 * @param ask Prometheus for the number that a query gives
 */
export async function openedWith(
  dashboards: readonly Dashboard[],
  given: Values,
  ask: (expr: string) => Promise<number>,
): Promise<Values> {
  const values: Record<string, string | number> = { ...chosenAtFirst(dashboards), ...given }
  for (const { name, query } of variablesOf(dashboards)) {
    const expr = /^query_result\((.*)\)$/.exec(textOf(query))?.[1]
    if (expr !== undefined) values[name] = Math.round(await ask(fillIn(expr, values)))
  }
  return values
}

/** The query of a variable. */
export function textOf(query: string | Record<string, unknown> | undefined): string {
  return typeof query === 'object' ? String(query['query']) : (query ?? '')
}

function variablesOf(dashboards: readonly Dashboard[]) {
  return dashboards.flatMap(({ templating }) => templating?.list ?? [])
}
