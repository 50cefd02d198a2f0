import type { EngineOptions } from '../engine-type.ts';

/** Options of an OpenAI-compatible endpoint; a query in its base URL is sent with every request. */
export interface OpenAiEngineOptions extends EngineOptions {
  readonly model: string;
  /** The header for the key: `Authorization: Bearer` or `api-key`; absent: derived from the address. */
  readonly authHeader?: 'authorization' | 'api-key' | undefined;
  /** Minimum length of streamed texts in UTF-16 units; default 160. */
  readonly streamFromChars?: number | undefined;
  /** Whether the last shown translation is sent as predicted output, which excludes an output limit. */
  readonly predictions: boolean;
  /** Whether the last shown translation is sent as an earlier turn of a partial; default: unless the model doesn't use it. */
  readonly previousTurn?: boolean | undefined;
}

/** The address of an API, with the headers of every request. */
export interface ApiAddress {
  readonly origin: string;
  /**
   * Candidates for the path before `/chat/completions`: that of the base URL and, if it has no version, the usual one below
   * it. Servers reply 404 for unknown paths.
   */
  readonly basePaths: readonly string[];
  /** The base URL's query including the question mark. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** https://learn.microsoft.com/azure/ai-foundry/openai/reference */
const azureHost = /\.(?:openai\.azure|cognitiveservices\.azure|services\.ai\.azure|azure-api)\.(?:com|net|us|cn)$/;

/** API paths of hosts whose base URL is often given without it. */
const usualPaths: Readonly<Record<string, string>> = {
  'generativelanguage.googleapis.com': '/v1beta/openai',
  'api.groq.com': '/openai/v1',
  'openrouter.ai': '/api/v1',
};

function basePathsOf({ hostname, pathname }: URL): readonly string[] {
  const base = pathname.replace(/\/+$/, '');
  const usual = usualPaths[hostname] ?? (azureHost.test(hostname) ? '/openai/v1' : undefined);
  // The base URL is a prefix of the usual path.
  if (usual !== undefined && usual !== base && usual.startsWith(base)) return [base, usual];
  if (/\/v\d|\/deployments\//.test(base)) return [base];
  return [base, `${base}/v1`];
}

/**
 * Azure's older API expects keys in its own header, but Entra ID tokens (JWTs) as a bearer token:
 * https://learn.microsoft.com/azure/ai-services/openai/reference#authentication. The newer API (`/openai/v1`) accepts both.
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
