import { InvalidArgumentError, Option } from 'commander';

const defaultUrl = 'ws://127.0.0.1:8787';

/** Options of every command that connects to an edge. */
export interface ConnectionOptions {
  readonly url: string;
  readonly key?: string;
}

/** `--url`, or `PARLEY_URL`. */
export function urlOption(): Option {
  return new Option('--url <url>', 'the URL of the edge').env('PARLEY_URL').default(defaultUrl).argParser(urlArgument);
}

/** `--url` with several edges, of which any serves a session, or `PARLEY_URL`. */
export function urlsOption(): Option {
  return new Option('--url <urls>', 'the URLs of the edges, separated by commas')
    .env('PARLEY_URL')
    .default([defaultUrl], defaultUrl)
    .argParser((text) => text.split(',').map((url) => urlArgument(url.trim())));
}

function urlArgument(text: string): string {
  if (/^(ws|http)s?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InvalidArgumentError('It must be a ws:// or wss:// URL, such as ws://127.0.0.1:8787.');
}

/** `--key`, or `PARLEY_API_KEY`, which process listings don't show. */
export function keyOption(): Option {
  return new Option('--key <key>', 'the API key; prefer the variable, which process listings hide').env(
    'PARLEY_API_KEY',
  );
}
