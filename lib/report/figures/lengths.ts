import { TRUST, trustIn } from '../../metrics/index.ts'
import type { TrustLimit } from '../../metrics/index.ts'
import { num, percent } from '../../tables/index.ts'
import { countOf, statsOf, trendOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { LengthReport } from '../../results/index.ts'

/** How well prompts and answers kept the lengths that were asked for; null where none was asked. */
export function lengthReport(summary: Summary): LengthReport | null {
  const measured = { measured: 'true' }
  const rate = (metric: string) => {
    const stats = statsOf(summary, 'rate', metric, measured)
    return stats.kind === 'rate' ? stats : { rate: null, total: null }
  }
  const [input, output] = [rate('llm_input_as_wanted'), rate('llm_output_as_wanted')]
  if (input.rate === null && output.rate === null) return null
  const wanted = countOf(summary, 'llm_output_tokens_wanted', measured)
  return {
    inputAsWanted: input.rate,
    inputMissP95: trendOf(summary, 'llm_input_miss', measured).p95,
    outputAsWanted: output.rate,
    outputWantedMean: wanted === null || !output.total ? null : wanted / output.total,
    outputMean: trendOf(summary, 'llm_output_tokens_per_request', measured).avg,
  }
}

/** What to say about lengths that were not kept; empty when they were. */
export function lengthWarnings(lengths: LengthReport | null): string[] {
  if (lengths === null) return []
  const { inputAsWanted, inputMissP95, outputAsWanted, outputMean, outputWantedMean } = lengths
  const found: string[] = []
  if (inputAsWanted !== null && isOff(inputAsWanted, TRUST.inputAsWanted)) {
    found.push(
      `only ${percent(inputAsWanted)} of prompts are within 2 % or 2 tokens of the wanted length (miss p95 ${num(inputMissP95)} tokens): INPUT_TOKENS may be too short for the template, or CALIBRATION is off`,
    )
  }
  if (outputAsWanted !== null && isOff(outputAsWanted, TRUST.outputAsWanted)) {
    found.push(
      `only ${percent(outputAsWanted)} of answers are as long as asked (mean ${num(outputMean)} of ${num(outputWantedMean)} tokens): they ended by themselves, or the server holds no length (IGNORE_EOS)`,
    )
  }
  return found
}

function isOff(share: number, limit: TrustLimit): boolean {
  return trustIn(share, limit) !== 'trustworthy'
}
