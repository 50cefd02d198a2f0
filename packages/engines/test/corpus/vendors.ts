import { azureNew, azureOld } from './azure.ts';
import { deepSeek } from './deepseek.ts';
import { gemini } from './gemini.ts';
import { groq } from './groq.ts';
import { llamaCpp } from './llama-cpp.ts';
import { mistral } from './mistral.ts';
import { ollama } from './ollama.ts';
import { openAi } from './openai.ts';
import { openRouter } from './openrouter.ts';
import type { Vendor } from './vendor.ts';
import { vllm } from './vllm.ts';

/** The engines whose documented replies the adapter is tried on; `docs/engines.md` names them. */
export const vendors: readonly Vendor[] = [
  openAi,
  azureNew,
  azureOld,
  gemini,
  mistral,
  deepSeek,
  groq,
  openRouter,
  vllm,
  ollama,
  llamaCpp,
];
