/** A terminal gets one line, redrawn; a log file gets a line this often. */
const TERMINAL_EVERY_MS = 200
const LOG_EVERY_MS = 10_000

/**
 * Shows on stderr the progress of something that takes long.
 *
 * @param {string} title
 */
export function progress(title, out = process.stderr) {
  const startedAt = Date.now()
  let [done, of, unit, doing] = [0, 0, '', '']
  let ended = false
  const line = () => {
    const seconds = Math.round((Date.now() - startedAt) / 1000)
    const figure = unit === '' ? doing : of > 0 ? `${done} of ${of} ${unit}` : `${done} ${unit}`
    return `setup: ${title}: ${figure}, ${seconds} s`
  }
  const draw = () =>
    out.write(out.isTTY ? `\r\x1b[K${line().slice(0, out.columns - 1)}` : `${line()}\n`)
  const timer = setInterval(draw, out.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS)
  return {
    /** @param {string} what the current activity, shown while nothing is counted */
    say(what) {
      doing = what
      draw()
    },
    /** @param {number} total expected number of the items counted from now on */
    expect(total) {
      of = total
      done = 0
    },
    /**
     * @param {number} more
     * @param {string} what name of the items, in the plural
     */
    count(more, what) {
      done += more
      if (more > 0) unit = what
    },
    /** @param {string} how only the first call counts */
    end(how) {
      if (ended) return
      ended = true
      clearInterval(timer)
      unit = ''
      doing = how
      draw()
      if (out.isTTY) out.write('\n')
    },
  }
}
