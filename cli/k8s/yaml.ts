import { stringify } from 'yaml'
import type { Manifest } from './types.ts'

/**
 * An object as YAML 1.1, which is what Kubernetes' tools read: there a bare `on` is no text but a
 * boolean. No aliases, for people; long lines stay as they are, since a bundle has some.
 */
export function yamlOf(manifest: Manifest): string {
  return stringify(manifest, {
    version: '1.1',
    aliasDuplicateObjects: false,
    lineWidth: 0,
    singleQuote: true,
  })
}
