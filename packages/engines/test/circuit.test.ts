import { expect, it, jest } from '@jest/globals';
import { systemClock } from '@parley/translation';
import { Circuit, pauseMs, type CircuitPosition, type CircuitSettings, type Verdict } from '../src/endpoint/circuit.ts';

const settings: CircuitSettings = {
  windowCalls: 10,
  minimumCalls: 4,
  failureShare: 0.5,
  firstPauseMs: 40,
  maxPauseMs: 100,
};

function startCircuit() {
  const changes: CircuitPosition[] = [];
  const circuit = new Circuit(settings, {
    clock: systemClock,
    random: () => 0.5,
    onChange: (position) => changes.push(position),
  });
  const call = async (...verdicts: Verdict[]): Promise<void> => {
    for (const verdict of verdicts) {
      circuit.admit()?.end(verdict);
      await new Promise(setImmediate);
    }
  };
  const open = () => call('failed', 'failed', 'failed', 'failed');
  const pause = () => new Promise((resolve) => setTimeout(resolve, circuit.retryAfterMs + 2));
  return { circuit, changes, call, open, pause };
}

it.each<[CircuitPosition, Verdict[]]>([
  ['open', ['failed', 'failed', 'failed', 'failed']],
  ['open', ['succeeded', 'succeeded', 'failed', 'failed', 'failed']],
  ['closed', ['failed', 'failed', 'failed']],
  ['closed', ['succeeded', 'failed', 'succeeded', 'failed', 'succeeded', 'failed']],
  ['closed', ['answered', 'answered', 'answered', 'answered', 'answered']],
  ['closed', ['unknown', 'unknown', 'unknown', 'unknown', 'unknown']],
  ['closed', ['failed', 'unknown', 'answered', 'failed', 'unknown', 'failed']],
])('is %s after %j', async (position, verdicts) => {
  const { circuit, call } = startCircuit();
  await call(...verdicts);
  expect(circuit.position).toBe(position);
});

it('admits no call while open, and then one probe', async () => {
  const { circuit, changes, open, pause } = startCircuit();
  await open();
  expect(circuit.admit()).toBeUndefined();
  expect(circuit.retryAfterMs).toBeGreaterThan(0);
  await pause();
  const probe = circuit.admit();
  expect(probe).toBeDefined();
  expect(circuit.admit()).toBeUndefined();
  expect(circuit.retryAfterMs).toBeGreaterThan(0);
  probe?.end('succeeded');
  await new Promise(setImmediate);
  expect(circuit.admit()).toBeDefined();
  expect(changes).toEqual(['open', 'half-open', 'closed']);
});

it.each<[Verdict, CircuitPosition]>([
  ['failed', 'open'],
  ['unknown', 'open'],
  ['answered', 'closed'],
])('after a probe that was %s it is %s', async (verdict, position) => {
  const { circuit, call, open, pause } = startCircuit();
  await open();
  await pause();
  await call(verdict);
  expect(circuit.position).toBe(position);
});

it('waits longer after failed probes, but not after inconclusive ones', async () => {
  const { circuit, call, open, pause } = startCircuit();
  await open();
  for (let probes = 0; probes < 3; probes++) {
    await pause();
    await call('unknown');
    expect(circuit.position).toBe('open');
    expect(circuit.retryAfterMs).toBeLessThanOrEqual(settings.firstPauseMs);
  }
  await pause();
  await call('failed');
  expect(circuit.retryAfterMs).toBeGreaterThan(settings.firstPauseMs);
});

it.each([-3_600_000, 3_600_000])('pauses for the same time if the wall clock is changed by %i ms', async (stepMs) => {
  const { circuit, open, pause } = startCircuit();
  await open();
  const setMs = Date.now() + stepMs;
  const wallClock = jest.spyOn(Date, 'now').mockImplementation(() => setMs);
  try {
    expect(circuit.admit()).toBeUndefined();
    await pause();
    expect(circuit.admit()).toBeDefined();
  } finally {
    wallClock.mockRestore();
  }
});

it('forgets the failures from before it opened', async () => {
  const { circuit, call, open, pause } = startCircuit();
  await open();
  await pause();
  await call('succeeded', 'failed', 'failed');
  expect(circuit.position).toBe('closed');
});

it('keeps the state decided by a probe, regardless of earlier calls', async () => {
  const { circuit, call, open, pause } = startCircuit();
  const straggler = circuit.admit();
  await open();
  await pause();
  const probe = circuit.admit();
  straggler?.end('unknown');
  await new Promise(setImmediate);
  expect(circuit.position).toBe('half-open');
  probe?.end('succeeded');
  await call();
  await new Promise(setImmediate);
  expect(circuit.position).toBe('closed');
});

it.each([
  [1, 0, 20],
  [1, 0.5, 30],
  [2, 0, 40],
  [3, 0, 50],
  [9, 0.5, 75],
])('after opening %i times in a row, with random value %d, pauses for %d ms', (attempt, random, expected) => {
  expect(pauseMs(attempt, random, settings)).toBe(expected);
});
