export { main } from './main.ts'
export { planPods } from './plan.ts'
export type { LoadAim, LoadPlanned, PodSize } from './plan.ts'
export { COSTS, type Costs } from './costs.ts'
