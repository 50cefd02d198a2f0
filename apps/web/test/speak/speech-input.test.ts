import { describe, expect, it } from '@jest/globals';
import { SpeechInput } from '../../src/speak/inputs/speech-input.ts';
import type { Recognizer } from '../../src/speak/inputs/speech-recognizer.ts';
import { noRecognizerText, textForSpeechError } from '../../src/speak/inputs/speech-texts.ts';
import { Segments } from '../../src/speak/talk/segments.ts';

class FakeRecognizer implements Recognizer {
  lang = '';
  continuous = false;
  interimResults = false;
  onresult: Recognizer['onresult'] = null;
  onerror: Recognizer['onerror'] = null;
  onend: Recognizer['onend'] = null;
  readonly calls: string[] = [];

  start(): void {
    this.calls.push('start');
  }

  stop(): void {
    this.calls.push('stop');
  }

  abort(): void {
    this.calls.push('abort');
  }

  /** Reports these results from an index on; a text that ends with a period is final. */
  hear(resultIndex: number, ...texts: string[]): void {
    const results = texts.map((text) => ({ isFinal: text.endsWith('.'), 0: { transcript: text } }));
    this.onresult?.({ resultIndex, results });
  }

  end(error?: string): void {
    if (error !== undefined) this.onerror?.({ error });
    this.onend?.();
  }
}

const listening = () => {
  const recognizers: FakeRecognizer[] = [];
  const sent: unknown[] = [];
  const changes: unknown[] = [];
  const waits: { ms: number; run: () => void }[] = [];
  const segments = new Segments({
    partial: ({ segmentId, text }) => sent.push([segmentId, text]),
    final: ({ segmentId, text }) => sent.push([segmentId, 'final', text]),
  });
  const speech = new SpeechInput({
    createRecognizer: () => {
      const recognizer = new FakeRecognizer();
      recognizers.push(recognizer);
      return recognizer;
    },
    openSegment: () => segments.open(),
    onChange: (isListening, error) => changes.push(error === undefined ? isListening : [isListening, error]),
    isContinuous: true,
    wait: (run, ms) => {
      const wait = { ms, run };
      waits.push(wait);
      return () => void waits.splice(waits.indexOf(wait), 1);
    },
  });
  speech.start('pt-BR');
  const newest = (): FakeRecognizer => {
    const recognizer = recognizers.at(-1);
    if (recognizer === undefined) throw new Error('there is no recognizer');
    return recognizer;
  };
  const elapse = (): void => waits.shift()?.run();
  return { speech, newest, recognizers, sent, changes, waits, elapse };
};

describe('speech', () => {
  it('becomes partials and finals in the spoken language', () => {
    const { newest, sent } = listening();
    expect(newest()).toMatchObject({ lang: 'pt-BR', continuous: true, interimResults: true, calls: ['start'] });
    newest().hear(0, 'bom');
    newest().hear(0, 'bom', ' dia');
    newest().hear(0, 'Bom dia.', 'a');
    newest().hear(1, 'Bom dia.', 'A todos.');
    expect(sent).toEqual([
      [1, 'bom'],
      [1, 'bom dia'],
      [1, 'final', 'Bom dia.'],
      [2, 'a'],
      [2, 'final', 'A todos.'],
    ]);
  });

  it('goes on after a silence and after the time-out of the recognizer', () => {
    const { newest, recognizers, changes, waits, elapse } = listening();
    newest().end('no-speech');
    elapse();
    newest().end();
    elapse();
    for (let times = 0; times < 20; times += 1) {
      newest().end('no-speech');
      expect(waits[0]?.ms).toBe(250);
      elapse();
    }
    expect(recognizers).toHaveLength(23);
    expect(changes).toEqual([true]);
  });

  it('keeps words that never became final', () => {
    const { newest, sent } = listening();
    newest().hear(0, 'bom dia');
    newest().end('network');
    expect(sent).toEqual([
      [1, 'bom dia'],
      [1, 'final', 'bom dia'],
    ]);
  });

  it('still takes the last words after a stop, and listens no more', () => {
    const { speech, newest, sent, changes, waits } = listening();
    newest().hear(0, 'bom');
    speech.stop();
    expect(newest().calls).toEqual(['start', 'stop']);
    newest().hear(0, 'Bom dia.');
    newest().end();
    expect(sent.at(-1)).toEqual([1, 'final', 'Bom dia.']);
    expect(changes).toEqual([true, false]);
    expect(waits).toEqual([]);
  });

  it('is finished at once by a flush; what comes later is ignored', () => {
    const { speech, newest, sent, changes } = listening();
    newest().hear(0, 'bom');
    speech.flush();
    newest().hear(0, 'Bom dia.');
    newest().end();
    expect(sent).toEqual([
      [1, 'bom'],
      [1, 'final', 'bom'],
    ]);
    expect(newest().calls).toEqual(['start', 'abort']);
    expect(changes).toEqual([true, false]);
  });

  it('does not listen again if it was stopped while waiting', () => {
    const { speech, newest, recognizers, waits } = listening();
    newest().end();
    speech.stop();
    expect(waits).toEqual([]);
    expect(recognizers).toHaveLength(1);
  });

  it.each(['not-allowed', 'audio-capture', 'language-not-supported', 'service-not-allowed'])(
    'ends with "%s", which stays',
    (error) => {
      const { newest, changes, waits } = listening();
      newest().end(error);
      expect(changes).toEqual([true, [false, error]]);
      expect(waits).toEqual([]);
    },
  );

  it('is given up after several failures in a row, each with a longer wait', () => {
    const { newest, changes, waits, elapse } = listening();
    const waitsMs: (number | undefined)[] = [];
    for (let failures = 0; failures < 4; failures += 1) {
      newest().end('network');
      waitsMs.push(waits[0]?.ms);
      elapse();
    }
    expect(waitsMs).toEqual([500, 1000, 2000, 4000]);
    newest().hear(0, 'bom.');
    newest().end('network');
    elapse();
    expect(changes).toEqual([true]);
    for (let failures = 0; failures < 4; failures += 1) {
      newest().end('network');
      elapse();
    }
    expect(changes).toEqual([true, [false, 'network']]);
  });

  it('has words for every problem', () => {
    for (const error of ['not-allowed', 'service-not-allowed', 'audio-capture', 'network', 'toString', 'new-error']) {
      expect(textForSpeechError(error)).toMatch(/^[A-Z].*\.$/);
      expect(textForSpeechError(error)).not.toContain(error === 'network' ? 'error' : error);
    }
    expect(noRecognizerText).toContain('does not recognize speech');
  });
});
