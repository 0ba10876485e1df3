import { stringify } from 'yaml'
import { scriptClaim, scriptConfigMap } from './files.ts'
import { scheduleManifests } from './schedule.ts'
import { testRun } from './test-run.ts'
import type { K8sPlan, Manifest } from './types.ts'

/** All objects of a plan, in the order in which they are to be created. */
export function manifestsOf(plan: K8sPlan): Manifest[] {
  const { script, schedule } = plan
  const files =
    script.route === 'configMap'
      ? [scriptConfigMap(plan, script.name)]
      : script.route === 'claim' && script.create
        ? scriptClaim(plan, script.name)
        : []
  return [...files, ...(schedule ? scheduleManifests(plan, schedule) : [testRun(plan)])]
}

/** YAML of several documents; long lines are left as they are, since a bundle has some. */
export function toYaml(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => stringify(manifest, { lineWidth: 0 })).join('---\n')
}
