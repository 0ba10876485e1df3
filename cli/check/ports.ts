import type { Transport } from '../../lib/exchange/index.ts'

/** Ports on which inference servers listen unless told otherwise. */
export const USUAL_PORTS: readonly (readonly [port: number, servers: string])[] = [
  [8000, 'vLLM, Triton, TensorRT-LLM'],
  [30000, 'SGLang'],
  [8080, 'llama.cpp, TGI, LocalAI'],
  [3000, 'TGI in a container'],
  [9000, "Triton's OpenAI frontend"],
  [11434, 'Ollama'],
  [1234, 'LM Studio'],
  [4000, 'LiteLLM'],
  [23333, 'LMDeploy'],
]

/** This machine answers at once, or not at all. */
const CONNECT_MS = 500

/** @returns those of the ports on which something listens on this machine, in their order */
export async function openPorts(
  transport: Transport,
  ports: readonly number[] = USUAL_PORTS.map(([port]) => port),
): Promise<number[]> {
  const open = await Promise.all(ports.map((port) => isOpen(transport, port)))
  return ports.filter((_, i) => open[i])
}

async function isOpen(transport: Transport, port: number): Promise<boolean> {
  let timer: unknown
  const late = new Promise<undefined>((resolve) => {
    timer = transport.setTimer(() => resolve(undefined), CONNECT_MS)
  })
  const connecting = transport.connect({ host: '127.0.0.1', port, tls: false })
  const outcome = await Promise.race([connecting, late])
  transport.clearTimer(timer)
  if (outcome === undefined) void connecting.then((late) => late.ok && late.connection.close())
  else if (outcome.ok) outcome.connection.close()
  return outcome?.ok === true
}
