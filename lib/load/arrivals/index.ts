export {
  dailyCycle,
  expectedBy,
  expectedRequests,
  inverseOfIntegral,
  mostDueWithin,
} from './curve.ts'
export { createDueTimes } from './due.ts'
export type { RatePiece } from './curve.ts'
export { shapeOfCv } from './process.ts'
export type { ArrivalProcess } from './process.ts'
export { arrivalTimes, peakInFlight } from './schedule.ts'
export { dueWithin, packSchedule, scheduleFacts, scheduleReader } from './pack.ts'
export type { ScheduleFacts, ScheduleReader } from './pack.ts'
export { arrivalPlan, tracePhases, vusForSchedule } from './plan.ts'
export type { ArrivalPlanInput } from './plan.ts'
