import { expect, it } from '@jest/globals';
import { ReportedAudience } from '../../src/live/reported-audience.ts';
import { started } from '../scripted-edge.ts';
import { resumed } from './live-edge.ts';

const audience = { listeners: 1, languages: [{ language: 'es', listeners: 1 }] };

it('keeps what was reported last, until a new session begins without listeners', () => {
  const reported = new ReportedAudience();
  expect(reported.received(started)).toBeUndefined();
  expect(reported.received({ type: 'session.listeners', ...audience })).toBeUndefined();
  expect(reported.received(resumed())).toBeUndefined();
  expect(reported.audience).toEqual(audience);
  expect(reported.received(started)).toEqual({ type: 'session.listeners', listeners: 0, languages: [] });
  expect(reported.audience).toEqual({ listeners: 0, languages: [] });
});
