/**
 * The memory that k6 may use, bytes; undefined where nobody tells: k6's `open()` reads no `/proc`. The k6 built
 * here and the program that starts one (`k6-inference run`) set the variable.
 */
export function memoryBytes(): number | undefined {
  const bytes = Number(__ENV['K6_INFERENCE_MEMORY_BYTES'])
  return bytes > 0 ? bytes : undefined
}
