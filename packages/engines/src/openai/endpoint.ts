import type { OpenAiEngineOptions } from './options.ts';

/** The addresses below a base URL, and the headers that every request carries. */
export interface Endpoint {
  readonly origin: string;
  readonly chatPath: string;
  readonly modelsPath: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function endpointOf({ baseUrl, apiKey }: Pick<OpenAiEngineOptions, 'baseUrl' | 'apiKey'>): Endpoint {
  const { origin, pathname, search } = new URL(baseUrl);
  const base = pathname.replace(/\/+$/, '');
  return {
    origin,
    chatPath: `${base}/chat/completions${search}`,
    modelsPath: `${base}/models${search}`,
    headers: {
      'user-agent': 'parley',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
  };
}
