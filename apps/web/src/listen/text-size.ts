import { maxSizePercent, minSizePercent } from './view-options.ts';

const factor = 1.15;

/** The next larger or smaller size of the captions in percent. From 100, the same number of steps leads back to 100. */
export function nextSizePercent(sizePercent: number, direction: 1 | -1): number {
  const step = Math.round(Math.log(sizePercent / 100) / Math.log(factor)) + direction;
  return Math.min(maxSizePercent, Math.max(minSizePercent, Math.round(100 * factor ** step)));
}
