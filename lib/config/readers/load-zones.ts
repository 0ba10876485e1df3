import { toNumber } from './numbers.ts'
import { refusal, value, type Read } from './outcome.ts'

export interface LoadZone {
  /** As k6 Cloud names it: `amazon:de:frankfurt`. */
  zone: string
  percent: number
}

/** Reads `zone=percent,zone=percent`; zones without a share divide the rest equally. */
export function readLoadZones(text: string): Read<readonly LoadZone[]> {
  const zones: { zone: string; percent: number | undefined }[] = []
  for (const part of text.split(',')) {
    const [zone = '', share, ...rest] = part.trim().split('=')
    if (!/^[\w-]+(:[\w-]+)*$/.test(zone) || rest.length > 0) {
      return refusal(`"${part.trim()}" is no zone=percent`)
    }
    if (zones.some((other) => other.zone === zone)) return refusal(`names ${zone} twice`)
    const percent = share === undefined ? undefined : toNumber(share.replace(/%$/, ''))
    if (share !== undefined && (percent === undefined || percent <= 0 || percent > 100)) {
      return refusal(`the share of ${zone} is no percentage`)
    }
    zones.push({ zone, percent })
  }
  const given = zones.reduce((sum, { percent }) => sum + (percent ?? 0), 0)
  const open = zones.filter(({ percent }) => percent === undefined).length
  if (open === 0 && Math.abs(given - 100) > 0.01) return refusal(`shares add up to ${given}`)
  if (open > 0 && given >= 100) return refusal('leaves no share to zones without one')
  return value(
    zones.map(({ zone, percent }) => ({ zone, percent: percent ?? (100 - given) / open })),
  )
}
