import type { Trace } from './types.ts'

export interface LengthLimits {
  maxInput?: number
  maxOutput?: number
  /** The model's context: input and output together. */
  maxTotal?: number
}

export interface ClipCounts {
  input: number
  output: number
  /** Rows whose prompt is given and longer than its limit: a text is not cut, these are sent whole. */
  whole: number
  /** Rows with 0 input or output tokens (failed requests of the original), asked for with 1. */
  raised: number
}

/**
 * Lengths brought within limits, with how many were changed. The output is cut to `maxOutput` (and
 * to `maxTotal - 1`), then the input to what is left: an answer's length costs the server more than
 * the prompt's, so it is the one kept. The input of a prompt whose text is given stays. Nothing below 1 is asked for: a server refuses it.
 */
export function clipLengths(
  trace: Trace,
  limits: LengthLimits,
): { trace: Trace; clipped: ClipCounts } {
  const { maxInput = Infinity, maxOutput = Infinity, maxTotal = Infinity } = limits
  const clipped: ClipCounts = { input: 0, output: 0, whole: 0, raised: 0 }
  const inputTokens = new Uint32Array(trace.rows)
  const outputTokens = new Uint32Array(trace.rows)
  for (let i = 0; i < trace.rows; i++) {
    const input = trace.inputTokens[i] as number
    const output = trace.outputTokens[i] as number
    if (input > 0 && output > 0 && input <= maxInput && output <= maxOutput) {
      // Nearly every row of nearly every trace: no more work than this.
      if (input + output <= maxTotal) {
        inputTokens[i] = input
        outputTokens[i] = output
        continue
      }
    }
    const newOutput = Math.max(1, Math.min(output, maxOutput, maxTotal - 1))
    const fitting = Math.max(1, Math.min(input, maxInput, maxTotal - newOutput))
    const isGiven = (trace.prompts?.[i] ?? '') !== ''
    const newInput = isGiven ? Math.max(1, input) : fitting
    if (newInput < input) clipped.input++
    if (newInput > fitting) clipped.whole++
    if (newOutput < output) clipped.output++
    if (newInput > input || newOutput > output) clipped.raised++
    inputTokens[i] = newInput
    outputTokens[i] = newOutput
  }
  return { trace: { ...trace, inputTokens, outputTokens }, clipped }
}
