import { faultKinds } from './faults.ts'
import type { FaultKind, FaultName } from './faults.ts'
import type { FormatName } from './formats/names.ts'
import { hashText, mix32 } from './random.ts'

/** A fault as a request asks for it. */
export interface Fault {
  value: number
  /** Strikes before this token (0 = before the first); undefined: in the middle. */
  at: number | undefined
}

export type FaultSet = Partial<Record<FaultName, Fault>>

/**
 * Reads `name[=value][@token]`, several joined with commas: `stall=500@3,crlf`.
 * `none` (alone) is no fault, to switch off what the server would do by itself.
 *
 * @throws RangeError that names the part and what is accepted
 */
export function parseFaults(text: string): FaultSet {
  const faults: FaultSet = {}
  for (const part of text.split(',').map((p) => p.trim())) {
    if (part === '' || part === 'none') continue
    const match = /^([a-z0-9-]+)(?:=([a-z0-9.]+))?(?:@(\d+))?$/.exec(part)
    const name = match?.[1]
    if (match === null || name === undefined || !Object.hasOwn(faultKinds, name))
      throw new RangeError(
        `unknown fault "${part}"; accepted: ${Object.keys(faultKinds).join(', ')}, each as name[=value][@token]`,
      )
    const kind: FaultKind = faultKinds[name as FaultName]
    const value = match[2] === 'forever' ? 0 : Number(match[2] ?? kind.value?.default ?? 0)
    if (!Number.isFinite(value) || value < 0 || (match[2] !== undefined && !kind.value))
      throw new RangeError(
        `fault "${part}": ${kind.value ? `a number (${kind.value.meaning}) is accepted after "="` : 'it takes no value'}`,
      )
    if (match[3] !== undefined && !kind.at)
      throw new RangeError(`fault "${part}": it takes no "@token"`)
    faults[name as FaultName] = { value, at: match[3] === undefined ? undefined : Number(match[3]) }
  }
  return faults
}

/** @throws RangeError when the wire format cannot show one of them */
export function checkFormat(faults: FaultSet, format: FormatName): void {
  for (const name of Object.keys(faults) as FaultName[]) {
    const kind: FaultKind = faultKinds[name]
    if (!kind.formats.includes(format))
      throw new RangeError(
        `fault "${name}" is none of ${format}; accepted for: ${kind.formats.join(', ')}`,
      )
  }
}

/** A fault that the server shows by itself, to this share of the requests (0-1). */
export interface FaultRule {
  fault: string
  probability: number
  /** Number of the first request it may strike, from 0: 1 leaves a client's preflight alone. */
  from?: number
  /** Strikes only while more requests than this are in flight. */
  above?: number
  /** Strikes only from so long after the server's start on, ms. */
  afterMs?: number
}

/** When a request comes, for rules that ask. */
export interface Moment {
  /** Requests in flight, this one included. */
  inFlight: number
  /** Since the server's start. */
  elapsedMs: number
}

/**
 * Decides by seed and number of the request, so that a run can be repeated. What the request's
 * format cannot show is left out.
 */
export function drawFaults(
  rules: readonly FaultRule[],
  seed: number,
  sequence: number,
  format: FormatName,
  moment: Moment = { inFlight: 1, elapsedMs: 0 },
): FaultSet {
  const faults: FaultSet = {}
  for (const [i, rule] of rules.entries()) {
    if (sequence < (rule.from ?? 0)) continue
    if (rule.above !== undefined && moment.inFlight <= rule.above) continue
    if (rule.afterMs !== undefined && moment.elapsedMs < rule.afterMs) continue
    const draw = mix32(mix32(seed, sequence), hashText(rule.fault) + i) / 2 ** 32
    if (draw >= rule.probability) continue
    for (const [name, fault] of Object.entries(parseFaults(rule.fault))) {
      const kind: FaultKind = faultKinds[name as FaultName]
      if (kind.formats.includes(format)) faults[name as FaultName] = fault
    }
  }
  return faults
}
