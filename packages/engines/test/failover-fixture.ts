import { systemClock, type Engine, type EngineCapabilities, type TranslationRequest } from '@parley/translation';
import { createFailoverEngine, type EndpointOptions } from '../src/index.ts';
import { endpointOf, recordingObserver } from './endpoint-fixture.ts';

/** What an engine does with a call: it fails, with an error of its own or with this one, or gives these pieces of text and then, perhaps, fails. */
export type Reply = Error | (() => Error) | readonly (string | Error)[];

export interface FakeEngine extends Engine {
  readonly calls: TranslationRequest[];
  reply: Reply;
  pairs: EngineCapabilities['languagePairs'] | Error;
  keepsWording: boolean;
}

/** An engine that answers as it is told. */
export function fakeEngine(name: string): FakeEngine {
  return {
    name,
    calls: [],
    reply: [name],
    pairs: undefined,
    keepsWording: false,
    identity: (kind) => `${name} ${kind}`,
    usesPrevious() {
      return this.keepsWording;
    },
    warm: () => Promise.resolve(),
    capabilities() {
      if (this.pairs instanceof Error) return Promise.reject(this.pairs);
      return Promise.resolve({ languagePairs: this.pairs });
    },
    async translate(request, onText) {
      this.calls.push(request);
      await Promise.resolve();
      if (this.reply instanceof Error) throw this.reply;
      if (typeof this.reply === 'function') throw this.reply();
      let text = '';
      for (const piece of this.reply) {
        if (piece instanceof Error) throw piece;
        text += piece;
        onText?.(piece);
      }
      return { text };
    },
    close: () => Promise.resolve(),
  };
}

/** Two endpoints, `one` and `two`, and the engine over them. */
export function startFailover(
  purposes: Partial<Record<'one' | 'two', EndpointOptions['for']>> = {},
  clock = systemClock,
) {
  const [one, two] = [fakeEngine('one'), fakeEngine('two')];
  const observer = recordingObserver();
  const engine = createFailoverEngine(
    [
      endpointOf(one, { for: purposes.one ?? 'both', observer, clock }),
      endpointOf(two, { for: purposes.two ?? 'both', observer, clock }),
    ],
    (kind) => void observer.heard.push(`${kind} failed over`),
  );
  observer.heard.length = 0;
  return { engine, one, two, heard: observer.heard };
}
