import { ANNOTATION_BYTES } from './route.ts'
import type { K8sPlan } from './types.ts'

/** What the user must know about the manifests, one line each. */
export function notesOn(plan: K8sPlan): string[] {
  const { script, files, variables } = plan
  const space = plan.namespace === undefined ? '' : ` -n ${plan.namespace}`
  const notes = [`note: script in: ${script.route} (${script.why})`]
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  if (script.route === 'configMap' && bytes > ANNOTATION_BYTES / 2) {
    notes.push(
      'note: create it with `kubectl apply --server-side`; plain apply keeps a copy of each object in an annotation of at most 256 KiB',
    )
  }
  if (script.route === 'claim' && script.create) {
    const names = files.map(({ name }) => name).join(' ')
    notes.push(
      `note: first create ${script.name} and its loader pod, then copy: for f in ${names}; do kubectl cp${space} $f ${script.name}-loader:/test/$f; done; delete the pod; then create the test`,
    )
  }
  if (script.route === 'image') {
    notes.push(`note: ${plan.image} must contain ${script.path}`)
  }
  for (const { variable, secret, key } of plan.secrets) {
    notes.push(`note: ${variable} comes from key ${key} of Secret ${secret}, which must exist`)
  }
  if (plan.resultsClaim === undefined && variables['RECORDS'] !== 'off') {
    notes.push(
      'note: records go to the pods’ logs; a node keeps 10 MiB per pod by default (about 10,000 requests); --results-claim keeps all',
    )
  }
  if (plan.parallelism > 1 && (variables['CALIBRATION'] ?? 'auto') === 'auto') {
    notes.push(
      `note: each of ${plan.parallelism} pods asks the server for short answers before the load, to learn how long prompts are; -e CALIBRATION=results/SCENARIO.calibration.json gives all of them what an earlier run has learnt`,
    )
  }
  if (plan.schedule !== undefined && plan.schedule.collect === undefined) {
    notes.push('note: nobody waits for the run or judges it: --collect does')
  }
  if (plan.cleanup && plan.resultsClaim === undefined) {
    notes.push('note: --cleanup deletes the pods, and their logs with them')
  }
  return notes
}
