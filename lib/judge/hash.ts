const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

/** FNV-1a (Fowler, Noll, Vo), 32 bits with a last mixing (MurmurHash3), as 8 hexadecimal digits. */
export function textHash(text: string): string {
  let hash = OFFSET
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0')
}
