import { totalmem } from 'node:os'
import { describeVariables } from '../../lib/config/index.ts'

/**
 * The shell's environment without the variables that scenarios read. k6 passes all of it to scripts,
 * so a `RATE` left over in the shell would change the load without showing on the command line.
 * @param secrets `keep` leaves API keys in: the environment keeps them off the command line
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

/** Only what programs need to run, so that nothing else from the shell reaches the script. */
export function bareEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { PATH: env['PATH'], HOME: env['HOME'] }
}

/**
 * Tells scripts how much memory k6 may use, bytes, so that they can say when the VUs of their plan do not
 * fit. They cannot find out by themselves.
 */
export function withMemory(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // Without a limit it is 0, or far more than there is.
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  return { K6_INFERENCE_MEMORY_BYTES: String(bytes), ...env }
}
