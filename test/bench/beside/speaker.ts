import OpenAI from 'openai';
import type { ServerMessage, SessionStart, Timing, TranscriptFinal, TranscriptPartial } from '@parley/protocol';
import type { WebSocket } from 'ws';

/** A transcript and the arrival time of its frame. */
export interface Said<Transcript extends TranscriptPartial | TranscriptFinal> {
  readonly transcript: Transcript;
  readonly receivedAtMs: number;
}

interface Translated {
  readonly text: string;
  readonly engineMs: number;
}

const engine = new OpenAI({
  baseURL: process.env.OPENAI_BASE_URL,
  apiKey: process.env.OPENAI_API_KEY ?? 'none',
  timeout: 30_000,
});
const languageNames = new Intl.DisplayNames('en', { type: 'language' });

/** One client of a peer: its engine calls and its messages. */
export class Speaker {
  readonly targets: readonly string[];
  readonly #source: string;
  readonly #socket: WebSocket;
  readonly #left = new AbortController();
  #offset = 0;

  constructor(socket: WebSocket, { sourceLanguage, targetLanguages }: SessionStart) {
    this.targets = targetLanguages;
    this.#source = sourceLanguage;
    this.#socket = socket;
  }

  /** @throws OpenAIError if the engine fails or the speaker has disconnected */
  async translate(text: string, target: string): Promise<Translated> {
    const startedAtMs = performance.now();
    const completion = await engine.chat.completions.create(
      {
        model: 'gpt-4.1-mini',
        temperature: 0,
        messages: [
          { role: 'system', content: instructions(this.#source, target) },
          { role: 'user', content: text },
        ],
      },
      { signal: this.#left.signal },
    );
    return { text: completion.choices[0]?.message.content ?? '', engineMs: performance.now() - startedAtMs };
  }

  showPartial(said: Said<TranscriptPartial>, targetLanguage: string, { text, engineMs }: Translated): void {
    const { segmentId, revision } = said.transcript;
    const shown = { concluded: '', tentative: text, timing: timingOf(said, engineMs) };
    this.send({ type: 'translation.partial', segmentId, revision, targetLanguage, ...shown });
  }

  showFinal(said: Said<TranscriptFinal>, targetLanguage: string, { text, engineMs }: Translated): void {
    const { segmentId } = said.transcript;
    const place = { segmentId, targetLanguage, offset: (this.#offset += 1) };
    this.send({ type: 'translation.final', ...place, text, cached: false, timing: timingOf(said, engineMs) });
  }

  /** Reports a final that the engine did not translate. */
  showFailure({ transcript: { segmentId } }: Said<TranscriptFinal>, targetLanguage: string): void {
    const place = { segmentId, targetLanguage, offset: (this.#offset += 1) };
    this.send({ type: 'translation.failed', ...place, code: 'engine-unavailable', message: 'the engine failed' });
  }

  send(message: ServerMessage): void {
    if (!this.#left.signal.aborted) this.#socket.send(JSON.stringify(message));
  }

  /** Aborts the calls in progress; nothing more is sent. */
  leave(): void {
    this.#left.abort();
  }
}

function instructions(source: string, target: string): string {
  const named = (tag: string): string => `${languageNames.of(tag) ?? tag} (${tag})`;
  return `You translate live speech for captions. Reply with the translation alone.
Source language: ${named(source)}
Target language: ${named(target)}`;
}

function timingOf({ receivedAtMs }: Said<TranscriptPartial | TranscriptFinal>, engineMs: number): Timing {
  return { queueMs: 0, engineMs, totalMs: performance.now() - receivedAtMs };
}
