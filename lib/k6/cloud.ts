import type { Options } from 'k6/options'
import type { Config } from '../config/index.ts'

/** `options.cloud`: names the test in k6 Cloud; local k6 ignores it. */
export function cloudOptions({ scenario, values }: Config): NonNullable<Options['cloud']> {
  const { CLOUD_PROJECT: projectID, CLOUD_NAME: name = scenario, CLOUD_LOAD_ZONES: zones } = values
  const distribution = zones?.map(
    ({ zone, percent }) => [zone, { loadZone: zone, percent }] as const,
  )
  return {
    name,
    ...(projectID === undefined ? {} : { projectID }),
    ...(distribution === undefined ? {} : { distribution: Object.fromEntries(distribution) }),
  }
}
