/** What k6 logs of each timer that the end of the load found waiting: a line per request that was cut off. */
const STOPPED_TIMER = /setTimeout \d+ was stopped because the VU iteration was interrupted/

/** What k6 logs of the limits: the report says it with their figures. */
const CROSSED = /thresholds on metrics '.*' have been crossed/

/**
 * k6's log as it comes, without what the report says better.
 * @param line takes a line without its line end
 */
export function k6Log(line: (text: string) => void) {
  let rest = ''
  const heldBack: string[] = []
  const take = (text: string) => {
    if (CROSSED.test(text)) heldBack.push(text)
    else if (!STOPPED_TIMER.test(text)) line(text)
  }
  return {
    feed(text: string): void {
      const lines = (rest + text).split('\n')
      rest = lines.pop() as string
      lines.forEach(take)
    },
    /** @param reported whether a report says what was held back */
    end(reported: boolean): void {
      if (rest !== '') take(rest)
      rest = ''
      if (!reported) heldBack.forEach(line)
    },
  }
}
