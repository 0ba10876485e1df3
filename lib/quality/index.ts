export type * from './types.ts'
export type { GraderName, Grading } from './graders.ts'
export { failed, PASSED } from './grade.ts'
export { fittingGraders, gradeAnswer, gradeReasons, graderNames, GRADERS } from './graders.ts'
