/** What the k6 processes ("pods") that shared a run left of it. */
export interface PodsInfo {
  /** The part of the load that each played, as k6 writes it (`0:1/3`), in the order of the load. */
  segments: string[]
  /** Parts of the load of which there are no records. */
  missing: string[]
  /** Pods whose records stop without the line that ends them: evicted, killed, or a file cut. */
  cut: { segment: string; atMs: number }[]
  /** From the first to the last start of a pod's load, each by its own clock, ms. */
  skewMs: number
  /** Figures that are not quite those of one process, a sentence each. */
  notes: string[]
}

/** The pods of a merged run, and why its figures may not be the whole run's. */
export interface PodsReport extends PodsInfo {
  /** A sentence each; with one the verdict is `unclear` at best. */
  doubts: string[]
}
