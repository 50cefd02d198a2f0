const words: Readonly<Record<string, string>> = {
  'not-allowed': 'The browser does not let this page use the microphone. Allow it next to the address, and try again.',
  'service-not-allowed': 'This browser does not let pages recognize speech. Try Chrome, Edge or Safari.',
  'audio-capture': 'No microphone was found. Connect one, and try again.',
  'language-not-supported': 'This browser does not recognize speech in the spoken language.',
  network: "The browser's speech recognition cannot be reached at the moment. You can type instead.",
};

const otherProblem = "The browser's speech recognition has stopped. Try again, or type instead.";

export const noRecognizerText =
  'This browser does not recognize speech. Try Chrome, Edge or Safari, or type what is said.';

export const insecurePageText =
  'Browsers allow the microphone only on pages with https, or on the machine that Parley runs on. You can type instead.';

/** @param error the code of the Web Speech API's error event */
export function textForSpeechError(error: string): string {
  return (Object.hasOwn(words, error) ? words[error] : undefined) ?? otherProblem;
}
