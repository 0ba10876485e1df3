import type { Options } from 'k6/options'
import type { Config } from '../config/index.ts'
import { parseSelector, sloThresholds } from '../metrics/index.ts'

/**
 * `options.cloud`: names the test in k6 Cloud and says how it runs there; local k6 ignores it. The
 * fields are those of "Cloud options" in Grafana Cloud's documentation; what is not given is left out.
 */
export function cloudOptions({ scenario, values }: Config): NonNullable<Options['cloud']> {
  const dropTags = values.CLOUD_DROP_TAGS
  const zones = values.CLOUD_LOAD_ZONES?.map(
    ({ zone, percent }) => [zone, { loadZone: zone, percent }] as const,
  )
  const given = {
    name: values.CLOUD_NAME ?? scenario,
    stackID: values.CLOUD_STACK,
    projectID: values.CLOUD_PROJECT,
    note: values.CLOUD_NOTE,
    staticIPs: values.CLOUD_STATIC_IPS,
    drop_metrics: values.CLOUD_DROP_METRICS,
    drop_tags: dropTags === undefined ? undefined : { '*': dropTags },
    distribution: zones === undefined ? undefined : Object.fromEntries(zones),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/**
 * Refuses to have k6 Cloud drop what a limit is judged by: a threshold without samples passes.
 * @throws Error that names the variable, and each metric or tag with its limit
 */
export function judgedInCloud({ slo, values }: Config): void {
  const judged = sloThresholds(slo)
  const problems = [
    ...(values.CLOUD_DROP_METRICS ?? []).flatMap((dropped) => {
      const limit = judged.find(({ metric }) => metric === dropped)
      return limit === undefined ? [] : [`CLOUD_DROP_METRICS=${dropped}: judges ${limit.id}`]
    }),
    ...(values.CLOUD_DROP_TAGS ?? []).flatMap((dropped) => {
      const limit = judged.find(({ selector }) => dropped in parseSelector(selector).tags)
      return limit === undefined ? [] : [`CLOUD_DROP_TAGS=${dropped}: judges ${limit.id}`]
    }),
  ]
  if (problems.length > 0) throw new Error(`${problems.join('; ')}; leave it out of the list`)
}
