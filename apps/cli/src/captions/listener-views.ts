import type { ServerMessage } from '@parley/protocol';
import { resultLine } from '../result-line.ts';
import { CaptionScreen } from './caption-screen.ts';
import { HeardCaptions } from './heard-captions.ts';

/** Shows on standard output what a listener gets. */
export interface ListenerView extends Disposable {
  onMessage(message: ServerMessage): void;
  /** Reports something about the connection. */
  onNotice(text: string): void;
}

const printNotice = (text: string): void => {
  console.error(`parley: ${text}`);
};

/** Prints every server message as one line of JSON. */
export function jsonListenerView(): ListenerView {
  return {
    onMessage: (message) => {
      console.log(JSON.stringify(message));
    },
    onNotice: printNotice,
    [Symbol.dispose]: () => undefined,
  };
}

/** Prints finals only, as `LANGUAGE<tab>TEXT`: for files and pipes. */
export function plainListenerView(): ListenerView {
  return {
    onMessage: (message) => {
      if (message.type === 'translation.final') print(message.targetLanguage, message.text);
      if (message.type === 'transcript.final') print(message.language, message.text);
      if (message.type === 'translation.failed')
        printNotice(`segment ${message.segmentId} into ${message.targetLanguage}: ${message.message}`);
    },
    onNotice: printNotice,
    [Symbol.dispose]: () => undefined,
  };
}

function print(language: string, text: string): void {
  if (text !== '') console.log(resultLine(language, text));
}

/** Draws live captions in place. */
export function terminalListenerView(stream: NodeJS.WriteStream): ListenerView {
  const captions = new HeardCaptions();
  const screen = new CaptionScreen(stream);
  return {
    onMessage: (message) => {
      captions.add(message);
      screen.draw(captions);
    },
    onNotice: (text) => {
      screen.note(`(${text})`);
      screen.draw(captions);
    },
    [Symbol.dispose]: () => {
      screen.close();
    },
  };
}
