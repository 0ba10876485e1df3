import {
  addTokens,
  createBudget,
  inJudgingOrder,
  judgeCost,
  judgementKey,
  needsJudging,
  otherSettings,
} from '../../lib/judge/index.ts'
import type { JudgedFile, JudgeHead, Judgement } from '../../lib/judge/index.ts'
import { proxyVariable } from '../../lib/config/index.ts'
import { createNodeTransport, socketOptions } from '../ask/index.ts'
import { guarded, InputError, TERMINAL } from '../command.ts'
import type { Terminal } from '../command.ts'
import { NOT_JUDGED } from '../k6-process/index.ts'
import { shortest, write } from '../output/index.ts'
import { judgedFileOf, readAnswers, readRun } from '../run-folder/index.ts'
import { stopOnSignal } from '../stop-on-signal.ts'
import { HELP } from './help.ts'
import { createJudgedFile, earlier } from './judged-file.ts'
import { readOptions } from './options.ts'
import type { JudgeOptions } from './options.ts'
import { createPace } from './pace.ts'
import { createJudgeServer } from './server.ts'
import { judgeAll } from './session.ts'
import type { Session, Task } from './session.ts'
import { endText, judgeOutput, liveText, progressText } from './show.ts'

/** As k6 ends by a signal. */
const BY_SIGNAL = 105

/** `k6-inference judge`. @param shell the environment, which holds the judge's key */
export function main(
  argv: readonly string[],
  terminal: Terminal = TERMINAL,
  shell: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  return guarded('judge', () => judge(argv, terminal, shell), terminal)
}

async function judge(
  argv: readonly string[],
  terminal: Terminal,
  shell: NodeJS.ProcessEnv,
): Promise<number> {
  const options = readOptions(argv, shell)
  if (options === 'help') {
    terminal.out(HELP)
    return 0
  }
  const file = await judgedFileOf(options.run)
  const { report } = await readRun(options.run, { requests: false })
  const answers = await readAnswers(options.run)
  if (answers.length === 0) {
    throw new InputError(
      `${options.run}: keeps no answer of a completed measured request; run with -e KEEP_ANSWERS=10%`,
    )
  }
  const before = await earlier(file)
  const { startedAt } = report.run
  if (before?.head !== undefined) refuseOthers(file, before.head, startedAt, options)
  const tasks = tasksOf(inJudgingOrder(answers), options.repeat, before)
  const head = headOf(options, startedAt, answers.length, before)
  terminal.note(`judge: ${progressText(answers.length, tasks.length, head)}\n`)
  const session =
    tasks.length === 0 ? undefined : await play(tasks, options, { file, head, before, terminal })
  const after = await readRun(options.run, { requests: false })
  const { judge: found } = after.report.quality ?? {}
  if (found === undefined) throw new InputError(endText(session, undefined, file))
  await write(judgeOutput(after, session?.ended ?? 'all'), options.output, terminal)
  terminal.note(`judge: ${endText(session, found, shortest(file))}\n`)
  if (session?.ended === 'judge') return 1
  if (session?.ended === 'signal') return BY_SIGNAL
  return found.badFormat + found.timedOut + found.failed > 0 ? NOT_JUDGED : 0
}

/** @throws InputError where two sessions would not measure the same */
function refuseOthers(
  file: string,
  { runStartedAt, settings }: JudgeHead,
  startedAt: string | null,
  options: JudgeOptions,
): void {
  if (runStartedAt !== startedAt) {
    throw new InputError(
      `${file}: is of another run, started at ${runStartedAt}; give each run a folder of its own`,
    )
  }
  const others = otherSettings(settings, options.settings)
  if (others.length > 0) {
    throw new InputError(
      `${file}: was made with another ${others.join(', ')} (model ${settings.model}, scale ${settings.scale.from}-${settings.scale.to}); rename it to judge anew`,
    )
  }
}

/** What is left to ask for: each answer once, then, with repeats, each once more. */
function tasksOf(
  items: readonly Task['item'][],
  repeat: number,
  before: JudgedFile | undefined,
): Task[] {
  return Array.from({ length: repeat }, (_, i) => items.map((item) => ({ item, nth: i + 1 })))
    .flat()
    .filter(({ item: { id }, nth }) => needsJudging(before?.latest.get(judgementKey({ id, nth }))))
}

function headOf(
  { settings, config, price }: JudgeOptions,
  runStartedAt: string | null,
  answers: number,
  before: JudgedFile | undefined,
): JudgeHead {
  return {
    record: 'judge',
    v: 1,
    runStartedAt,
    judgedAt: new Date().toISOString(),
    url: config.endpoint.baseUrl,
    settings,
    answers,
    price: price ?? before?.head?.price ?? null,
  }
}

interface Playing {
  file: string
  head: JudgeHead
  before: JudgedFile | undefined
  terminal: Terminal
}

/** Asks the judge, and keeps each judgement at once. */
async function play(
  tasks: readonly Task[],
  options: JudgeOptions,
  { file, head, before, terminal }: Playing,
): Promise<Session> {
  const { config, settings, maxRequests, maxSpend } = options
  const proxy = proxyVariable(config.endpoint, process.env)
  if (proxy !== undefined) terminal.note(`judge: ${proxy} is set, but sockets connect directly\n`)
  const price = head.price ?? undefined
  const budget = createBudget({ maxRequests, maxSpend, price }, spentIn(before, head))
  const stop = stopOnSignal()
  const keep = await createJudgedFile(file, before)
  await keep(head)
  let done = 0
  const onJudged = async (judgement: Judgement) => {
    await keep(judgement)
    terminal.screen?.live(liveText(++done, tasks.length))
  }
  try {
    const server = createJudgeServer(createNodeTransport(socketOptions(config)), config, settings)
    const pace = createPace(options.rate, stop.signal)
    const judging = { server, settings, budget, pace }
    const { concurrency } = options
    return await judgeAll(tasks, judging, { concurrency, signal: stop.signal }, onJudged)
  } finally {
    stop.forget()
    terminal.screen?.live('')
  }
}

/** Of all sessions before, at their most: the bounds hold over all of them. */
function spentIn(before: JudgedFile | undefined, { price }: JudgeHead) {
  if (before === undefined) return { requests: 0, cost: 0 }
  const { requests, tokens, most } = before.used
  return { requests, cost: price === null ? 0 : judgeCost(addTokens(tokens, most), price) }
}
