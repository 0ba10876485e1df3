import { describeVariables } from '../../lib/config/index.ts'

/**
 * The shell's environment without what scenarios read: k6 hands the whole of it to scripts, and a
 * `RATE` left over in the shell is not one on the command line that is shown.
 * @param secrets `keep`: keys come by the environment, so that they are on no command line
 */
export function withoutVariables(
  secrets: 'keep' | 'drop',
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const left = { ...env }
  for (const { name, secret } of describeVariables())
    if (!secret || secrets === 'drop') delete left[name]
  return left
}

/** Only what programs need to run: nothing of the shell reaches the script. */
export function bareEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { PATH: env['PATH'], HOME: env['HOME'] }
}
