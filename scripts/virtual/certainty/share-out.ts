import { fork } from 'node:child_process'
import { once } from 'node:events'

type Task = () => void

/**
 * Runs tasks in processes, each of which is this program with its own arguments and takes the next task
 * when it is done with one. A stage begins when the one before is over.
 * @param stages the same in every process, as a process is only told a task's place
 * @throws Error when a process ends before its time
 */
export async function shareOut(
  stages: readonly (readonly Task[])[],
  processes: number,
): Promise<void> {
  if (process.send !== undefined) return serveTasks(stages)
  if (processes <= 1) return stages.forEach((tasks) => tasks.forEach((task) => task()))
  for (const [stage, tasks] of stages.entries()) {
    let next = 0
    const work = async () => {
      if (next === tasks.length) return
      const child = fork(process.argv[1] as string, process.argv.slice(2))
      child.on('message', () => {
        if (next < tasks.length) child.send([stage, next++])
        else child.disconnect()
      })
      const [code] = (await once(child, 'exit')) as [number | null]
      if (code !== 0) throw new Error(`a process ended with ${code}`)
    }
    await Promise.all(Array.from({ length: processes }, work))
  }
}

/** What a child does: it asks for a task, runs it, and asks again until nobody answers. */
function serveTasks(stages: readonly (readonly Task[])[]): void {
  process.on('message', ([stage, at]: [number, number]) => {
    stages[stage]?.[at]?.()
    process.send?.('next')
  })
  process.send?.('next')
}
