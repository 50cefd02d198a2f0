/// <reference lib="dom" />
import { ownLanguageName } from '../../page/language-names.ts';

/** The file formats, and what they are called. */
const formats = [
  ['srt', 'SRT'],
  ['vtt', 'WebVTT'],
  ['txt', 'Text'],
] as const;

export interface TranscriptOf {
  readonly sessionId: string;
  readonly joinCode: string;
  readonly languages: readonly string[];
}

export interface DownloadOptions {
  readonly token: () => string | undefined;
  readonly onProblem: (words: string) => void;
}

const timeoutMs = 30_000;
const notKeptText = 'The transcript is not kept any more.';
const failedText = 'The transcript could not be downloaded. Try again in a moment.';

/** Fills a list with the downloads of a session, in each of its languages. */
export function renderDownloads(list: HTMLElement, of: TranscriptOf, options: DownloadOptions): void {
  list.replaceChildren(
    ...of.languages.map((language) => {
      const item = document.createElement('li');
      const name = document.createElement('span');
      name.lang = language;
      name.textContent = ownLanguageName(language);
      const buttons = formats.map(([format, label]) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = label;
        button.setAttribute('aria-label', `${label}, ${name.textContent}`);
        button.addEventListener('click', () => void download(of, language, format, options));
        return button;
      });
      item.append(name, ...buttons);
      return item;
    }),
  );
}

async function download(
  { sessionId, joinCode }: TranscriptOf,
  language: string,
  format: string,
  { token, onProblem }: DownloadOptions,
): Promise<void> {
  const path = `/v1/sessions/${encodeURIComponent(sessionId)}/transcript.${format}?lang=${encodeURIComponent(language)}`;
  const given = token();
  const headers: Record<string, string> = given === undefined ? {} : { authorization: `Bearer ${given}` };
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    let response = await fetch(path, { headers, signal });
    // The token of a long talk has expired, but anyone with the code may read what listeners could.
    if (response.status === 401) response = await fetch(`${path}&joinCode=${encodeURIComponent(joinCode)}`, { signal });
    if (!response.ok) {
      onProblem(response.status === 404 ? notKeptText : failedText);
      return;
    }
    save(await response.blob(), `talk.${language}.${format}`);
  } catch {
    onProblem(failedText);
  }
}

function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
