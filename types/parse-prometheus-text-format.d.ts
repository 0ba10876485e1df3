declare module 'parse-prometheus-text-format' {
  interface Sample {
    /** Missing for summaries and histograms, which have `buckets`, `count`, `sum` instead. */
    value?: string
    labels?: Record<string, string>
  }
  /**
   * Reads text exposition format 0.0.4.
   * @throws InvalidLineError at the first line that it cannot read
   */
  export default function parse(text: string): { name: string; metrics: Sample[] }[]
}
