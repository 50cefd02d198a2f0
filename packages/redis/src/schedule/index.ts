export { SessionSchedule, type Claim } from './session-schedule.ts';
export { SessionInspection, type InspectionResult } from './session-inspection.ts';
