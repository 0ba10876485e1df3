import { scriptClaim, scriptConfigMap } from './files.ts'
import { scheduleManifests } from './schedule.ts'
import { testRun } from './test-run.ts'
import type { K8sPlan, Manifest } from './types.ts'
import { yamlOf } from './yaml.ts'

export interface Manifests {
  /** What holds the script: to be applied once, and again when it changes. Empty for the image. */
  script: Manifest[]
  /** A test, to be created for each run; or the schedule that does so. */
  test: Manifest[]
}

/** All objects of a plan, each list in the order in which they are to be created. */
export function manifestsOf(plan: K8sPlan): Manifests {
  const { script, schedule } = plan
  const holder =
    script.route === 'configMap'
      ? [scriptConfigMap(plan, script.name)]
      : script.route === 'claim' && script.create
        ? scriptClaim(plan, script.name)
        : []
  const test = schedule ? scheduleManifests(plan, schedule) : [testRun(plan)]
  return { script: holder, test }
}

/** YAML of several documents. */
export function toYaml(manifests: readonly Manifest[]): string {
  return manifests.map(yamlOf).join('---\n')
}
