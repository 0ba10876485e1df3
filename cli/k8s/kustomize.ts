import { manifestsOf, toYaml } from './manifests.ts'
import type { K8sPlan, Manifest } from './types.ts'
import { yamlOf } from './yaml.ts'

/**
 * A plan with a schedule as a base of Kustomize. The namespace stands in one place, from which Kustomize
 * sets it everywhere; the TestRun, a text to Kustomize, has none and is created in the namespace of its job.
 *
 * @returns names of files, and their texts
 */
export function kustomizeBase(plan: K8sPlan): Record<string, string> {
  const { namespace } = plan
  const { script, test } = manifestsOf({ ...plan, namespace: undefined, kustomize: true })
  const [variables, ...schedule] = test
  const files: Record<string, readonly Manifest[]> = {
    ...(script.length === 0 ? {} : { 'script.yaml': script }),
    'variables.yaml': [variables!],
    'schedule.yaml': schedule,
  }
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    ...(namespace === undefined ? {} : { namespace }),
    resources: Object.keys(files),
  }
  const texts = Object.entries(files).map(([name, objects]) => [name, toYaml(objects)])
  return { ...Object.fromEntries(texts), 'kustomization.yaml': yamlOf(kustomization) }
}
