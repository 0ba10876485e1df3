import type { SearchOptions } from './types.ts'

/** @throws RangeError that names every problem of the options */
export function checkOptions(options: SearchOptions): void {
  const problems: string[] = []
  const { min, max, start, target, confidence, precision, maxRuns } = options
  if (!(min > 0 && max >= min))
    problems.push(`loads from ${min} to ${max}; above 0 and ascending are accepted`)
  if (!(start >= min && start <= max))
    problems.push(`the start ${start} lies outside ${min} to ${max}`)
  if (!(target > 0 && target < 1))
    problems.push(`the share of good requests is ${target}; above 0 and below 1 is accepted`)
  if (!(confidence >= 0.5 && confidence < 1))
    problems.push(`the confidence is ${confidence}; from 0.5 to below 1 is accepted`)
  if (!(precision > 0 && precision <= 1))
    problems.push(`the precision is ${precision}; above 0 up to 1 is accepted`)
  if (!(options.durationMs > 0 && options.warmupMs >= 0))
    problems.push(
      `runs of ${options.durationMs} ms after ${options.warmupMs} ms; above 0 after 0 or more is accepted`,
    )
  if (!(Number.isInteger(maxRuns) && maxRuns >= 1))
    problems.push(`${maxRuns} runs at most; a whole number from 1 is accepted`)
  const runMinutes = (options.durationMs + options.warmupMs) / 60_000
  if (!(options.maxMinutes >= runMinutes))
    problems.push(`${options.maxMinutes} minutes at most; a run alone takes ${runMinutes}`)
  if (problems.length > 0) throw new RangeError(problems.join('\n'))
}
