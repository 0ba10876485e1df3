import { scriptClaim, scriptConfigMap } from './files.ts'
import { scheduleManifests } from './schedule.ts'
import { testRun, variablesMap } from './test-run.ts'
import type { K8sPlan, Manifest } from './types.ts'
import { yamlOf } from './yaml.ts'

export interface Manifests {
  /** What holds the script: apply it once, and again when it changes. Empty if the image holds it. */
  script: Manifest[]
  /** The test, to be created for each run; or the schedule that does so. */
  test: Manifest[]
}

/** All objects of a plan; create each list in its order. */
export function manifestsOf(plan: K8sPlan): Manifests {
  const { script, schedule } = plan
  const holder =
    script.route === 'configMap'
      ? [scriptConfigMap(plan, script.name)]
      : script.route === 'claim' && script.create
        ? scriptClaim(plan, script.name)
        : []
  const variables = plan.kustomize === true ? [variablesMap(plan)] : []
  const test = schedule ? scheduleManifests(plan, schedule) : [testRun(plan)]
  return { script: holder, test: [...variables, ...test] }
}

/** YAML of several documents. */
export function toYaml(manifests: readonly Manifest[]): string {
  return manifests.map(yamlOf).join('---\n')
}
