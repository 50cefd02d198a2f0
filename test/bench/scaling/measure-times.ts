import type { MeasureTimes } from './measure-point.ts';

export const measureTimes: MeasureTimes = { warmUpMs: 6000, windowMs: 15_000 };

/** To try that measuring works. */
export const quickTimes: MeasureTimes = { warmUpMs: 1000, windowMs: 4000 };
