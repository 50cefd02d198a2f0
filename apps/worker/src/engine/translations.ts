import { randomBytes } from 'node:crypto';
import type { Config } from '@parley/config';
import type { FlightStore } from '@parley/state';
import {
  createJoiningService,
  createTranslationService,
  systemClock,
  type Engine,
  type TranslationService,
} from '@parley/translation';
import { longestWaitMs, retryPolicy } from './engine-options.ts';

/** What a consumer's engine is asked through: equal calls are joined, failed ones made again. */
export function createTranslations(config: Config, engine: Engine, flights: FlightStore): TranslationService {
  const chance = { clock: systemClock, random: Math.random };
  const service = createTranslationService({ engine, retry: retryPolicy, longestWaitMs, ...chance });
  if (!config.SINGLEFLIGHT) return service;
  return createJoiningService(service, {
    flights,
    identity: engine.identity.bind(engine),
    newMember: randomMember,
    ...chance,
  });
}

function randomMember(): string {
  return randomBytes(9).toString('base64url');
}
