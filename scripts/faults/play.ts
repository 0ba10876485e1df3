import { startSimulator } from '../../simulator/index.ts'
import type { FormatName } from '../../simulator/index.ts'
import { answerOf } from './answer.ts'
import { judge } from './judge.ts'
import type { Judged, Problem } from './judge.ts'
import type { Row } from './rows.ts'
import { runRows } from './run.ts'
import type { Played } from './run.ts'
import { promptOf, startScriptServer } from './server.ts'
import { simulated, TTFT_MS } from './simulated.ts'
import { bodyRows } from './table/bodies.ts'
import { chatRows } from './table/chat/index.ts'
import { eventRows } from './table/events/index.ts'
import { heavyRows } from './table/heavy.ts'
import { httpRows } from './table/http/index.ts'
import { jsonRows } from './table/texts.ts'
import { timingRows } from './table/timing.ts'

/** Behaviours that are scripts of bytes. */
export const scripted: readonly Row[] = [
  ...httpRows,
  ...bodyRows,
  ...eventRows,
  ...jsonRows,
  ...timingRows,
  ...chatRows,
]

/** Rows that are played together in one k6 process, all in one wire format. */
export type Part = 'scripted' | 'simulated' | 'endless'
export const PARTS: readonly Part[] = ['scripted', 'simulated', 'endless']

export interface PartPlayed {
  rows: number
  /** What is wrong; nothing when every row was told for what it is. */
  problems: string[]
  peakMiB: number | undefined
  /** By how much more than for as many plain answers; undefined where nothing is endless. */
  grownMiB: number | undefined
  wallS: number
}

interface Stage {
  url: string
  rows: readonly (Judged & { prompt: string })[]
  requestsPerS: number
  environment?: Readonly<Record<string, string>>
  close(): Promise<void>
}

/**
 * Plays every row of one part in one wire format through a real k6.
 *
 * @param k6 path of k6, with whichever socket module
 * @param bundle path of the bundled scenario `chat-steady`
 */
export async function playPart(
  k6: string,
  bundle: string,
  part: Part,
  format: FormatName,
): Promise<PartPlayed> {
  const stage = await (part === 'simulated' ? simulatedStage(format) : scriptedStage(format, part))
  try {
    const { url, rows, ...how } = stage
    if (rows.length === 0) {
      return { rows: 0, problems: [], peakMiB: undefined, grownMiB: undefined, wallS: 0 }
    }
    const run = (some: Stage['rows'], times = 1) =>
      runRows({ k6, bundle, url, rows: some, times, ...how, env: { API: format } })
    const played = await run(rows)
    let problems = judge(rows, played)
    // A machine that is busy with other things may leave requests out, or be late: those are asked again.
    for (let tries = 0; tries < 3 && problems.some(({ busy }) => busy); tries++) {
      const again = rows.filter(
        ({ name }, i) => i === 0 || problems.some((one) => one.busy && one.row === name),
      )
      problems = [...problems.filter(({ busy }) => !busy), ...judge(again, await run(again, 2))]
    }
    const { peakMiB, wallS } = played
    let grownMiB: number | undefined
    if (part === 'endless' && peakMiB !== undefined) {
      grownMiB = peakMiB - ((await run(rows.slice(0, 1), rows.length)).peakMiB ?? NaN)
      if (isBounded(played)) problems.push(...tooMuch(grownMiB))
    }
    return {
      rows: rows.length,
      problems: problems.map(({ row, what }) => `${row}, ${format}: ${what}`),
      peakMiB,
      grownMiB,
      wallS,
    }
  } finally {
    await stage.close()
  }
}

/** Endless answers may cost so much more memory than as many plain ones. */
const MOST_GROWN_MIB = 64
/** What is held is to be seen, not the garbage that Go gathers until it is worth a collection. */
const LITTLE_GARBAGE = { GOGC: '50' }

/** The official module, whose reads are stamped by their handlers, reads on without a limit (k6/README.md). */
function isBounded({ records }: Played): boolean {
  return ![...records.values()].flat().some(({ clock }) => clock === 'handler')
}

function tooMuch(grownMiB: number): Problem[] {
  if (!(grownMiB > MOST_GROWN_MIB)) return []
  return [{ row: 'the run', what: `${grownMiB} MiB more than plain requests take`, busy: false }]
}

async function scriptedStage(format: FormatName, part: 'scripted' | 'endless'): Promise<Stage> {
  const answer = answerOf(format)
  const table = part === 'endless' ? heavyRows : scripted
  const mine = table.filter(({ formats }) => formats.includes(format))
  // A plain answer first: what the others are compared with.
  const rows = part === 'endless' && mine.length > 0 ? [httpRows[0]!, ...mine] : mine
  const scripts = new Map(rows.map((row) => [row.name, row.play(answer)]))
  const server = await startScriptServer((name) => scripts.get(name))
  return {
    url: server.url,
    rows: rows.map(({ name, expect }) => {
      const { firstTokenMs, lastTokenMs } = scripts.get(name)!
      return { name, prompt: promptOf(name), expected: expect(format), firstTokenMs, lastTokenMs }
    }),
    requestsPerS: part === 'endless' ? 2 : 20,
    ...(part === 'endless' && { environment: LITTLE_GARBAGE }),
    close: server.close,
  }
}

async function simulatedStage(format: FormatName): Promise<Stage> {
  const simulator = await startSimulator({ ttftMs: TTFT_MS, tpotMs: 5, faultsInPrompts: true })
  return {
    url: simulator.url,
    requestsPerS: 20,
    rows: simulated
      .filter(({ formats }) => formats.includes(format))
      .map(({ name, fault, firstTokenMs, expect }) => ({
        name,
        prompt: `x-sim-fault: ${fault} `,
        expected: expect(format),
        firstTokenMs,
        lastTokenMs: undefined,
      })),
    close: simulator.close,
  }
}
