export { startDashboard, type RunningDashboard } from './start-dashboard.ts';
