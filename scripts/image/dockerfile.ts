export interface Step {
  instruction: string
  rest: string
}

export interface Stage {
  /** Of `FROM … AS name`. */
  name: string | undefined
  image: string
  /** Without FROM. */
  steps: Step[]
}

/** Reads a Dockerfile, continued lines joined; enough of the format for a file of our own. */
export function readStages(text: string): Stage[] {
  const lines = text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const stages: Stage[] = []
  for (const line of lines) {
    const [, instruction = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
    const [, image = '', name] = /^(?:--platform=\S+ )?(\S+)(?: AS (\S+))?$/.exec(rest) ?? []
    if (instruction === 'FROM') stages.push({ name, image, steps: [] })
    else stages.at(-1)?.steps.push({ instruction, rest })
  }
  return stages
}

/** What the steps of one kind say. */
export function restOf({ steps }: Stage, instruction: string): string[] {
  return steps.filter((step) => step.instruction === instruction).map(({ rest }) => rest)
}

export interface Copy {
  /** Stage, or undefined for the repository. */
  stage: string | undefined
  from: string[]
  to: string
}

/** @param rest of a COPY */
export function readCopy(rest: string): Copy {
  const [, stage, paths = ''] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(rest) ?? []
  const from = paths.split(/\s+/)
  const to = from.pop()!
  return { stage, from, to }
}
