import type { EngineOptions } from '../engine-type.ts';

/** How an OpenAI-compatible endpoint is asked; a query in its base URL is sent with every request. */
export interface OpenAiEngineOptions extends EngineOptions {
  readonly model: string;
  /** The header that carries the key: `Authorization: Bearer` or `api-key`; absent: as the address says. */
  readonly authHeader?: 'authorization' | 'api-key' | undefined;
  /** Texts of at least this many UTF-16 units are streamed; 160 if not given. */
  readonly streamFromChars?: number | undefined;
  /** What was shown of a segment goes along as a predicted output, then without a limit of the reply. */
  readonly predictions: boolean;
}

/** The address of an API, and the headers that every request to it carries. */
export interface ApiAddress {
  readonly origin: string;
  /**
   * What may lie before `/chat/completions`: the base URL's path and, where it names no version, the one below it that such
   * servers have. A server that knows no such address answers 404.
   */
  readonly basePaths: readonly string[];
  /** The base URL's query, with its question mark. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** https://learn.microsoft.com/azure/ai-foundry/openai/reference */
const azureHost = /\.(?:openai\.azure|cognitiveservices\.azure|services\.ai\.azure|azure-api)\.(?:com|net|us|cn)$/;

/** Where the API of a host lies, of those of which a base URL without it is often given. */
const usualPaths: Readonly<Record<string, string>> = {
  'generativelanguage.googleapis.com': '/v1beta/openai',
  'api.groq.com': '/openai/v1',
  'openrouter.ai': '/api/v1',
};

function basePathsOf({ hostname, pathname }: URL): readonly string[] {
  const base = pathname.replace(/\/+$/, '');
  const usual = usualPaths[hostname] ?? (azureHost.test(hostname) ? '/openai/v1' : undefined);
  // Given without its end, or with nothing but a part of it.
  if (usual !== undefined && usual !== base && usual.startsWith(base)) return [base, usual];
  if (/\/v\d|\/deployments\//.test(base)) return [base];
  return [base, `${base}/v1`];
}

/**
 * Azure's older API takes a key in a header of its own, and a token of Entra ID (a JWT) as all others do:
 * https://learn.microsoft.com/azure/ai-services/openai/reference#authentication. Its newer one (`/openai/v1`) takes both.
 */
function takesApiKeyHeader({ hostname, pathname, searchParams }: URL, apiKey: string): boolean {
  if (/^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(apiKey) || /\/openai\/v1(?:\/|$)/.test(pathname)) return false;
  return azureHost.test(hostname) || searchParams.has('api-version') || /\/openai\/deployments\//.test(pathname);
}

export function apiAddressOf({
  baseUrl,
  apiKey,
  authHeader,
}: Pick<OpenAiEngineOptions, 'baseUrl' | 'apiKey' | 'authHeader'>): ApiAddress {
  const url = new URL(baseUrl);
  return {
    origin: url.origin,
    basePaths: basePathsOf(url),
    search: url.search,
    headers: { 'user-agent': 'parley', ...(apiKey === undefined ? {} : keyHeader(url, apiKey, authHeader)) },
  };
}

function keyHeader(url: URL, apiKey: string, authHeader: OpenAiEngineOptions['authHeader']): Record<string, string> {
  const header = authHeader ?? (takesApiKeyHeader(url, apiKey) ? 'api-key' : 'authorization');
  return header === 'api-key' ? { 'api-key': apiKey } : { authorization: `Bearer ${apiKey}` };
}
