import { stringify } from 'yaml'

/**
 * An object as YAML 1.1, which Kubernetes' tools read: in it a bare `on` is a boolean, not a string.
 * No aliases, for human readers. Lines are not folded, because bundles contain long ones.
 */
export function yamlOf(manifest: object): string {
  return stringify(manifest, {
    version: '1.1',
    aliasDuplicateObjects: false,
    lineWidth: 0,
    singleQuote: true,
  })
}
