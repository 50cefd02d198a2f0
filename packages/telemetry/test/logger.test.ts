import { describe, expect, it } from '@jest/globals';
import { createLogger, errorFields, type Logger } from '../src/index.ts';

function logger(level: 'info' | 'silent' = 'info'): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  return { log: createLogger({ LOG_LEVEL: level }, 'edge', { write: (line) => void lines.push(line) }), lines };
}

describe('the logger', () => {
  it('writes one JSON object per line, with the name of the process', () => {
    const { log, lines } = logger();
    log.info({ segmentId: 4 }, 'a segment was settled');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      process: 'edge',
      pid: process.pid,
      segmentId: 4,
      msg: 'a segment was settled',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('I16: redacts transcripts and translations', () => {
    const { log, lines } = logger();
    const said = 'the patient said';
    log.info({ text: said, translation: said }, 'a transcript came');
    log.info({ transcript: { text: said, segmentId: 4 }, result: { translation: said } }, 'a transcript came');
    log.child({ text: said }).info('a transcript came');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain(said);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ transcript: { text: '(private)', segmentId: 4 } });
  });

  it('I16: omits every part of an error that might quote a transcript', () => {
    const { log, lines } = logger();
    const said = 'the patient said';
    const error = Object.assign(new Error(said), { command: { name: 'evalsha', args: [said] } });
    log.warn({ err: error }, 'a command failed');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { errorName: 'Error' } });
    expect(lines.join('')).not.toContain(said);
  });

  it('respects its level', () => {
    const { log, lines } = logger('silent');
    log.fatal('below the level');
    expect(lines).toEqual([]);
  });
});

describe('errorFields', () => {
  it('returns name, code and stack, but never the message', () => {
    const error = Object.assign(new TypeError('the patient said\n    at home: 1'), { code: 'EFAILED' });
    const fields = errorFields(error);
    expect(fields).toMatchObject({ errorName: 'TypeError', errorCode: 'EFAILED' });
    expect(fields.errorAt?.[0]).toContain('logger.test.ts');
    expect(JSON.stringify(fields)).not.toMatch(/patient|home/);
  });

  it('accepts any thrown value', () => {
    expect(errorFields('the patient said')).toEqual({ errorName: 'string' });
    expect(errorFields(undefined)).toEqual({ errorName: 'undefined' });
  });
});
