import type { Options } from 'k6/options'
import type { Config } from '../config/index.ts'

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
