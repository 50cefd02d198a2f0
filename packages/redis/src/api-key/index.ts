export {
  matchesApiKeyDigest,
  parseApiKey,
  tokenSigningKey,
  tokenVerificationKey,
  type ApiKeySecret,
} from './api-key.ts';
export {
  apiKeyScopes,
  ApiKeyStore,
  maxApiKeys,
  TooManyApiKeysError,
  type ApiKeyRecord,
  type ApiKeyScope,
  type ListedApiKey,
} from './api-key-store.ts';
