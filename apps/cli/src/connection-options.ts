import { InvalidArgumentError, Option } from 'commander';

/** Options of every command that connects to an edge. */
export interface ConnectionOptions {
  readonly url: string;
  readonly key?: string;
}

/** `--url`, or `PARLEY_URL`. */
export function urlOption(): Option {
  return new Option('--url <url>', 'the URL of the edge')
    .env('PARLEY_URL')
    .default('ws://127.0.0.1:8787')
    .argParser((text) => {
      if (/^(ws|http)s?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
      throw new InvalidArgumentError('It must be a ws:// or wss:// URL.');
    });
}

/** `--key`, or `PARLEY_API_KEY`, which process listings don't show. */
export function keyOption(): Option {
  return new Option('--key <key>', 'the API key; prefer the variable, which process listings hide').env(
    'PARLEY_API_KEY',
  );
}
