import { existsSync, readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import { CronJob } from 'kubernetes-models/batch/v1/CronJob'
import { Role } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role'
import { RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding'
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim'
import { Pod } from 'kubernetes-models/v1/Pod'
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount'
import { parse } from 'yaml'
import type { Manifest } from '../../../cli/k8s/index.ts'

const CORE = {
  CronJob,
  Role,
  RoleBinding,
  ConfigMap,
  PersistentVolumeClaim,
  Pod,
  ServiceAccount,
} as unknown as Record<string, new (data: unknown) => { validate(): void; apiVersion: string }>

/** What Kubernetes' own schema (kubernetes-models) says against an object; undefined when nothing. */
export function coreProblem(manifest: Manifest): string | undefined {
  const Kind = CORE[manifest.kind]
  if (Kind === undefined) return `no schema of ${manifest.kind} here`
  const object = new Kind(manifest)
  if (object.apiVersion !== manifest.apiVersion) return `apiVersion ${manifest.apiVersion}`
  try {
    object.validate()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** The operator's CustomResourceDefinition, which lies beside a checkout where there is one. */
export const CRD_FILE = ['../../../../', '../../../../../']
  .map((up) => new URL(`${up}shared/data/kubernetes/k6.io_testruns.yaml`, import.meta.url))
  .find((url) => existsSync(url))

interface Crd {
  spec: { versions: { name: string; schema: { openAPIV3Schema: Schema } }[] }
}
interface Schema {
  [key: string]: unknown
}

/**
 * Validator made of the CRD. Where the CRD lists an object's fields no others are taken, which is
 * stricter than the cluster: that would drop them and say nothing.
 */
export function testRunValidator(file: URL): ValidateFunction {
  const crd = parse(readFileSync(file, 'utf8')) as Crd
  const version = crd.spec.versions.find(({ name }) => name === 'v1alpha1')
  if (version === undefined) throw new Error('the CRD has no v1alpha1')
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  const schema = closed(version.schema.openAPIV3Schema)
  // The CRD leaves metadata to the API server.
  ;(schema['properties'] as Schema)['metadata'] = { type: 'object' }
  return ajv.compile(schema)
}

function closed(schema: Schema): Schema {
  const copy: Schema = {}
  for (const [key, value] of Object.entries(schema)) {
    copy[key] =
      key === 'properties'
        ? Object.fromEntries(
            Object.entries(value as Record<string, Schema>).map(([name, s]) => [name, closed(s)]),
          )
        : key === 'items' || (key === 'additionalProperties' && typeof value === 'object')
          ? closed(value as Schema)
          : value
  }
  if (copy['properties'] && copy['additionalProperties'] === undefined) {
    copy['additionalProperties'] = false
  }
  return copy
}
