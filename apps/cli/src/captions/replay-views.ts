import type { Client, ServerError } from '@parley/client';
import type { TraceEvent } from '../trace/trace.ts';
import { CaptionScreen } from './caption-screen.ts';
import { Captions } from './captions.ts';

/** What a replay shows on standard output; it listens to the connection by itself. */
export interface ReplayView extends Disposable {
  spoken(event: TraceEvent): void;
  /** The server refused a final. */
  refused(event: TraceEvent, error: ServerError): void;
}

const silent: ReplayView = { spoken: () => undefined, refused: () => undefined, [Symbol.dispose]: () => undefined };

/** Every message of the server, one a line. */
export function jsonView(client: Client): ReplayView {
  client.on('message', (message) => {
    console.log(JSON.stringify(message));
  });
  return silent;
}

/** The finals alone, `LANGUAGE<tab>TEXT`: for files and pipes. */
export function plainView(client: Client): ReplayView {
  client.on('translation.final', ({ targetLanguage, text }) => {
    console.log(`${targetLanguage}\t${text}`);
  });
  client.on('translation.failed', ({ segmentId, targetLanguage, message }) => {
    console.error(`parley: segment ${segmentId} into ${targetLanguage}: ${message}`);
  });
  return {
    ...silent,
    refused: ({ segment }, error) => {
      console.error(`parley: a final of segment ${segment} was refused: ${error.message}`);
    },
  };
}

/** Live captions, drawn in place. */
export function terminalView(client: Client, from: string, to: readonly string[]): ReplayView {
  const captions = new Captions(from, to);
  const screen = new CaptionScreen(process.stdout);
  for (const type of ['translation.partial', 'translation.final', 'translation.failed'] as const) {
    client.on(type, (message) => {
      captions.translated(message);
      screen.draw(captions);
    });
  }
  return {
    spoken: ({ segment, text, final }) => {
      captions.spoken(segment, text, final);
      screen.draw(captions);
    },
    refused: ({ segment }, { code }) => {
      captions.refused(segment, code);
      screen.draw(captions);
    },
    [Symbol.dispose]: () => {
      screen.close();
    },
  };
}
