import { InvalidArgumentError, Option } from 'commander';

/** What every command that speaks to an edge takes. */
export interface ConnectionOptions {
  readonly url: string;
  readonly key?: string;
}

/** `--url`, or PARLEY_URL. */
export function urlOption(): Option {
  return new Option('--url <url>', 'where the edge is')
    .env('PARLEY_URL')
    .default('ws://127.0.0.1:8787')
    .argParser((text) => {
      if (/^(ws|http)s?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
      throw new InvalidArgumentError('It must be a ws:// or wss:// URL.');
    });
}

/** `--key`, or PARLEY_API_KEY, which no list of processes shows. */
export function keyOption(): Option {
  return new Option('--key <key>', 'the API key; better in the variable').env('PARLEY_API_KEY');
}
