/** What was done, and why the rest was not. */
export interface Steps {
  /** Does one step. @returns undefined where it failed, or took too long: that has been told, and is kept */
  step<T>(name: string, minutes: number, work: () => Promise<T>): Promise<T | undefined>
  /** A line for each step that failed. */
  problems: readonly string[]
}

/** Steps that do not stop each other: a failure is told at once and kept for the end. */
export function steps(): Steps {
  const problems: string[] = []
  return {
    problems,
    async step(name, minutes, work) {
      const startedAt = Date.now()
      try {
        const made = await inTime(work(), minutes)
        console.error(`${name}: done in ${Math.round((Date.now() - startedAt) / 1000)} s`)
        return made
      } catch (error) {
        const problem = `${name}: ${error instanceof Error ? error.message : String(error)}`
        problems.push(problem)
        console.error(problem)
        return undefined
      }
    },
  }
}

async function inTime<T>(work: Promise<T>, minutes: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const problem = new Error(`not done after ${minutes} minutes`)
    timer = setTimeout(() => reject(problem), minutes * 60_000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
