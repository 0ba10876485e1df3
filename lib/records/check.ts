import { IDLE_FIELDS, isPhaseRole, segmentParts } from '../metrics/index.ts'
import { ANSWER_FIELDS, REQUEST_FIELDS } from './fields.ts'
import type { Field } from './fields.ts'
import { RECORDS_VERSION } from './types.ts'
import type { AnyRecord } from './types.ts'

export type Checked = { ok: true; record: AnyRecord } | { ok: false; message: string }

const OF_REQUEST = Object.entries(REQUEST_FIELDS) as [string, Field][]
const OF_ANSWER = Object.entries(ANSWER_FIELDS) as [string, Field][]

/** What a line of JSON is: a record of this version, or why it is not. Unknown fields are left as they are. */
export function checkRecord(data: unknown): Checked {
  if (!isObject(data)) return wrong('is no JSON object')
  if (data['v'] !== RECORDS_VERSION) {
    return wrong(
      `is a record of version ${shown(data['v'])}; this program reads version ${RECORDS_VERSION}`,
    )
  }
  switch (data['record']) {
    case 'request':
      return checkRequest(data)
    case 'answer':
      return checkFields(data, OF_ANSWER)
    case 'run':
      return checkRun(data)
    case 'server':
      return checkServer(data)
    case 'end':
      return checkEnd(data)
    default:
      return wrong(
        `"record" is ${shown(data['record'])}; accepted: "run", "request", "answer", "server", "end"`,
      )
  }
}

function checkRequest(data: Json): Checked {
  const checked = checkFields(data, OF_REQUEST)
  if (checked.ok && (data['endMs'] as number) < (data['startMs'] as number)) {
    return wrong(
      `ends (${shown(data['endMs'])} ms) before it starts (${shown(data['startMs'])} ms)`,
    )
  }
  return checked
}

function checkFields(data: Json, fields: readonly [string, Field][]): Checked {
  for (const [name, { kind, given }] of fields) {
    const value = data[name]
    if (value === undefined || value === null) {
      if (given === 'always') return wrong(`has no "${name}"`)
      // A null from another writer means "no value", as a missing field does.
      if (value === null) delete data[name]
      continue
    }
    if (!KINDS[kind].is(value)) {
      return wrong(`"${name}" is ${shown(value)}; accepted: ${KINDS[kind].accepted}`)
    }
  }
  return { ok: true, record: data as unknown as AnyRecord }
}

function checkRun(data: Json): Checked {
  const run = data['run']
  const plan = isObject(run) ? run['plan'] : undefined
  if (typeof data['startedAt'] !== 'string') return wrong('has no "startedAt"')
  if (!isObject(run) || typeof run['scenario'] !== 'string') return wrong('has no "run.scenario"')
  if (!isObject(run['slo'])) return wrong('has no "run.slo"')
  if (!isObject(plan) || !isNumber(plan['endMs'])) return wrong('has no "run.plan.endMs"')
  if (!Array.isArray(plan['phases'])) return wrong('has no "run.plan.phases"')
  const { segment } = plan
  if (segment !== null && (typeof segment !== 'string' || segmentParts(segment) === undefined)) {
    return wrong(
      `"run.plan.segment" is ${shown(segment)}; accepted: null or segments such as "0:1/3"`,
    )
  }
  const odd = plan['phases'].find(
    (phase) =>
      !isObject(phase) ||
      typeof phase['name'] !== 'string' ||
      typeof phase['measured'] !== 'boolean' ||
      !isPhaseRole(phase['role']) ||
      ![phase['startMs'], phase['endMs'], phase['from'], phase['to']].every(isNumber),
  )
  if (odd !== undefined) return wrong(`"run.plan.phases" holds ${shown(odd)}, which is no phase`)
  const { idle } = run
  if (idle !== undefined && !isIdle(idle)) {
    return wrong(`"run.idle" is ${shown(idle)}; accepted: ${IDLE_FIELDS.join(', ')}, each a number`)
  }
  return { ok: true, record: data as unknown as AnyRecord }
}

function isIdle(value: unknown): boolean {
  return isObject(value) && IDLE_FIELDS.every((name) => isNumber(value[name]))
}

function checkServer(data: Json): Checked {
  if (!isNumber(data['atMs'])) return wrong(`"atMs" is ${shown(data['atMs'])}; accepted: a number`)
  if (!KINDS.counts.is(data['values'])) {
    return wrong(`"values" is ${shown(data['values'])}; accepted: ${KINDS.counts.accepted}`)
  }
  const { readings = [], impossible = [] } = data
  if (!KINDS.texts.is(impossible)) {
    return wrong(`"impossible" is ${shown(impossible)}; accepted: ${KINDS.texts.accepted}`)
  }
  if (!Array.isArray(readings) || !readings.every(isReading)) {
    return wrong(`"readings" is ${shown(readings)}; accepted: a list of sources and results`)
  }
  return { ok: true, record: data as unknown as AnyRecord }
}

function isReading(value: unknown): boolean {
  return (
    isObject(value) && typeof value['source'] === 'string' && typeof value['result'] === 'string'
  )
}

function checkEnd(data: Json): Checked {
  const { atMs, interrupted } = data
  if (!isNumber(atMs)) return wrong(`"atMs" is ${shown(atMs)}; accepted: ${KINDS.number.accepted}`)
  if (interrupted !== undefined && !isCount(interrupted)) {
    return wrong(`"interrupted" is ${shown(interrupted)}; accepted: ${KINDS.count.accepted}`)
  }
  const { decided, confidence } = data
  if (decided !== undefined && !isSeenPart(decided)) {
    return wrong(
      `"decided" is ${shown(decided)}; accepted: "endMs", a number, and "lines", a count`,
    )
  }
  if (confidence !== undefined && !isShare(confidence)) {
    return wrong(`"confidence" is ${shown(confidence)}; accepted: a number between 0 and 1`)
  }
  return { ok: true, record: data as unknown as AnyRecord }
}

function isSeenPart(value: unknown): boolean {
  return isObject(value) && isNumber(value['endMs']) && isCount(value['lines'])
}

function isShare(value: unknown): boolean {
  return isNumber(value) && value > 0 && value < 1
}

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value)
const isCount = (value: unknown) => isNumber(value) && value >= 0 && Number.isInteger(value)

const KINDS: Record<Field['kind'], { is: (value: unknown) => boolean; accepted: string }> = {
  text: { is: (value) => typeof value === 'string', accepted: 'a text' },
  texts: {
    is: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
    accepted: 'a list of texts',
  },
  number: { is: isNumber, accepted: 'a number' },
  count: { is: isCount, accepted: 'a whole number of at least 0' },
  flag: { is: (value) => typeof value === 'boolean', accepted: 'true or false' },
  numbers: {
    is: (value) => Array.isArray(value) && value.every(isNumber),
    accepted: 'a list of numbers',
  },
  counts: {
    is: (value) => isObject(value) && Object.values(value).every(isNumber),
    accepted: 'an object of numbers',
  },
  grades: {
    is: (value) => Array.isArray(value) && value.every(isGrade),
    accepted: 'a list of grades, each with grader, score from 0 to 1, passed and reason',
  },
  calls: {
    is: (value) => Array.isArray(value) && value.every(isCall),
    accepted: 'a list of calls, each with name and arguments, both texts',
  },
}

function isGrade(value: unknown): boolean {
  if (!isObject(value)) return false
  const { grader, score, passed, reason } = value
  if (typeof grader !== 'string' || typeof reason !== 'string') return false
  return typeof passed === 'boolean' && isNumber(score) && score >= 0 && score <= 1
}

function isCall(value: unknown): boolean {
  return (
    isObject(value) && typeof value['name'] === 'string' && typeof value['arguments'] === 'string'
  )
}

function wrong(message: string): Checked {
  return { ok: false, message }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
