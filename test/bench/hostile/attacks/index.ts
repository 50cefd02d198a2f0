import type { Attack } from '../attack.ts';
import { floodAttacks } from './floods.ts';
import { httpAttacks } from './http.ts';
import { listenerAttacks } from './listeners.ts';
import { memoryAttacks } from './memory.ts';
import { parsingAttacks } from './parsing.ts';
import { slowReaderAttacks } from './slow-readers.ts';
import { workAttacks } from './work.ts';

/** All attacks, in the order of the table. */
export const attacks: readonly Attack[] = [
  ...workAttacks,
  ...memoryAttacks,
  ...parsingAttacks,
  ...listenerAttacks,
  ...floodAttacks,
  ...httpAttacks,
  ...slowReaderAttacks,
];
