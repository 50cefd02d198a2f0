import type { Client, ServerError } from '@parley/client';
import { joinCodeNote } from '../join-code-note.ts';
import type { TraceEvent } from '../trace/trace.ts';
import { CaptionScreen } from './caption-screen.ts';
import { Captions } from './captions.ts';

/** Shows a replay on standard output. Server messages other than refusals reach it through the client's events. */
export interface ReplayView extends Disposable {
  onTranscript(event: TraceEvent): void;
  onRefused(event: TraceEvent, error: ServerError): void;
}

const silentView: ReplayView = {
  onTranscript: () => undefined,
  onRefused: () => undefined,
  [Symbol.dispose]: () => undefined,
};

/** Prints every server message as one line of JSON. */
export function jsonView(client: Client): ReplayView {
  client.on('message', (message) => {
    console.log(JSON.stringify(message));
  });
  return silentView;
}

/** Prints finals only, as `LANGUAGE<tab>TEXT`: for files and pipes. The join code goes to standard error. */
export function plainView(client: Client): ReplayView {
  client.on('session.started', (started) => {
    console.error(`parley: ${joinCodeNote(started)}`);
  });
  client.on('translation.final', ({ targetLanguage, text }) => {
    console.log(`${targetLanguage}\t${text}`);
  });
  client.on('translation.failed', ({ segmentId, targetLanguage, message }) => {
    console.error(`parley: segment ${segmentId} into ${targetLanguage}: ${message}`);
  });
  return {
    ...silentView,
    onRefused: ({ segment }, error) => {
      console.error(`parley: a final of segment ${segment} was refused: ${error.message}`);
    },
  };
}

/** Draws live captions in place. */
export function terminalView(
  client: Client,
  from: string,
  to: readonly string[],
  stream: NodeJS.WriteStream,
): ReplayView {
  const captions = new Captions(from, to);
  const screen = new CaptionScreen(stream);
  client.on('session.started', (started) => {
    screen.note(`(${joinCodeNote(started)})`);
  });
  for (const type of ['translation.partial', 'translation.final', 'translation.failed'] as const) {
    client.on(type, (message) => {
      captions.addTranslation(message);
      screen.draw(captions);
    });
  }
  return {
    onTranscript: ({ segment, text, final }) => {
      captions.addTranscript(segment, text, final);
      screen.draw(captions);
    },
    onRefused: ({ segment }, { code }) => {
      captions.markRefused(segment, code);
      screen.draw(captions);
    },
    [Symbol.dispose]: () => {
      screen.close();
    },
  };
}
