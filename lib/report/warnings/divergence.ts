import { count, many, percent } from '../../tables/index.ts'
import type { DivergencePart, DivergenceReport } from '../../results/index.ts'
import { warnIf } from './types.ts'
import type { Seen, Warning } from './types.ts'

/** What the comparison with the idle server's answers shows, and what it cannot show. */
export function divergenceWarnings({ report: { divergence, measured } }: Seen): Warning[] {
  if (!divergence) return []
  const { idle, parts } = divergence
  const compared = parts.some(({ by }) => by === 'measured')
  const phases = parts.filter((part) => part.by === 'phase' && part.measured)
  const certain = phases.filter((part) => part.certain)
  const seen = phases.filter(({ differed }) => differed > 0)
  return [
    ...warnIf(
      !compared && (measured.completed ?? 0) > 0,
      'not_compared',
      () =>
        `no measured answer was compared with one before the load: ${whyNone(idle)}, or COMPARED_SHARE is too small`,
    ),
    ...(certain.length > 0
      ? [
          {
            type: 'load_changes_answers',
            message: `load changes answers: ${certain.map(found).join('; ')} differ from those to the same prompts before the load, more than with less load; of the idle server, ${again(idle)} differed`,
          },
        ]
      : warnIf(
          // A server that also differs from itself when idle, at about that rate, shows nothing.
          seen.length > 0 && idle.differed === 0,
          'answers_differ',
          () =>
            `${seen.map(found).join('; ')} differ from those to the same prompts before the load; of the idle server, ${again(idle)} did: too few to tell load from chance (IDLE_PROMPTS, IDLE_ANSWERS)`,
        )),
  ]
}

function found({ name, compared, differed }: DivergencePart): string {
  return `${count(differed)} of ${many(compared, 'answer')} (${percent(differed / compared)}) in ${name}`
}

function again({ repeated, differed }: DivergenceReport['idle']): string {
  return `${count(differed)} of ${count(repeated)} asked again`
}

function whyNone({ prompts, unstable, unanswered }: DivergenceReport['idle']): string {
  if (unstable + unanswered < prompts) return 'none completed'
  return `of ${many(prompts, 'prompt')}, ${count(unanswered)} were not answered and ${count(unstable)} were answered otherwise the second time`
}
