/** The first signal ends what a command does in order; the second this program. */
export function stopOnSignal(): { signal: AbortSignal; forget(): void } {
  const controller = new AbortController()
  const stop = () => controller.abort()
  const names = ['SIGINT', 'SIGTERM'] as const
  for (const name of names) process.once(name, stop)
  return {
    signal: controller.signal,
    forget: () => void names.forEach((name) => process.off(name, stop)),
  }
}
