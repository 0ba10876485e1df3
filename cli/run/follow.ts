import { open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { createRecordReader } from '../../lib/records/index.ts'
import type { RecordSink } from '../../lib/records/index.ts'
import { InputError } from '../command.ts'

const CHUNK_BYTES = 1 << 20

/** Reads a records file that k6 is still writing, each of its lines once. */
export interface Follower {
  /**
   * Passes on what has come since; a half-written last line waits for the next time.
   * @throws InputError when the file cannot be read; one that is not there yet is empty
   */
  read(): Promise<void>
}

/** @param sink gets the records; lines that are none are left out, as in the report of the run */
export function createFollower(file: string, sink: Omit<RecordSink, 'onProblem'>): Follower {
  const reader = createRecordReader({ ...sink, onProblem() {} })
  const decoder = new StringDecoder('utf8')
  const buffer = Buffer.alloc(CHUNK_BYTES)
  let position = 0

  return { read }

  async function read(): Promise<void> {
    const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw new InputError(`${file}: cannot be read: ${error.message}`)
    })
    if (handle === undefined) return
    try {
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position)
        if (bytesRead === 0) return
        position += bytesRead
        reader.feed(decoder.write(buffer.subarray(0, bytesRead)))
      }
    } finally {
      await handle.close()
    }
  }
}
