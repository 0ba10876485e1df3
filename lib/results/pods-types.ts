/** What the k6 processes ("pods") that shared a run left behind. */
export interface PodsInfo {
  /** The part of the load that each played, in k6's notation (`0:1/3`), in the order of the load. */
  segments: string[]
  /** Parts of the load without records. */
  missing: string[]
  /** Pods whose records stop without the final line: evicted, killed, or the file was cut. */
  cut: { segment: string; atMs: number }[]
  /** Pods that did not end by themselves, each with its name and what the cluster says of it. */
  lost?: string[]
  /** Time between the first and the last start of a pod's load, each by its own clock, ms. */
  skewMs: number
  /** Figures that are not exactly those of one process, one sentence each. */
  notes: string[]
}

/** The pods of a merged run, and why its figures may not be those of the whole run. */
export interface PodsReport extends PodsInfo {
  /** One sentence each; with any of them the verdict is `unclear` at best. */
  doubts: string[]
}
