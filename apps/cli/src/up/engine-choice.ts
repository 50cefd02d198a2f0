import type { Config } from '@parley/config';
import { apertium } from '../machine/apertium.ts';
import type { Machine } from '../machine/machine.ts';

/** The engine: a remote endpoint, or the local engine with Apertium or with simulated translations. */
export type EngineChoice =
  | { readonly kind: 'remote'; readonly description: string }
  | { readonly kind: 'apertium' }
  | { readonly kind: 'marked' | 'paraphrased'; readonly reason: string };

export type EngineSettings = Pick<
  Config,
  'ENGINES' | 'OPENAI_API_KEY' | 'OPENAI_BASE_URL' | 'OPENAI_MODEL' | 'ENGINE_TRANSLATIONS'
>;

/** Whether a remote engine is configured, so that no local one is started. */
export function isRemote({ ENGINES, OPENAI_API_KEY, OPENAI_BASE_URL }: EngineSettings): boolean {
  return ENGINES !== undefined || OPENAI_API_KEY !== undefined || OPENAI_BASE_URL !== undefined;
}

/** Chooses the remote engine if one is configured, else the local one, with Apertium if that is installed. */
export async function chooseEngine(config: EngineSettings, machine: Machine): Promise<EngineChoice> {
  if (config.ENGINES !== undefined) {
    return { kind: 'remote', description: config.ENGINES.map(({ name }) => name).join(', then ') };
  }
  if (isRemote(config)) {
    const host = config.OPENAI_BASE_URL === undefined ? 'api.openai.com' : new URL(config.OPENAI_BASE_URL).host;
    return { kind: 'remote', description: `${config.OPENAI_MODEL} at ${host}` };
  }
  const asked = config.ENGINE_TRANSLATIONS;
  if (asked === 'marked' || asked === 'paraphrased') return { kind: asked, reason: `ENGINE_TRANSLATIONS=${asked}` };
  if (asked === 'apertium' || (await apertium().findProblem(machine)) === undefined) return { kind: 'apertium' };
  return { kind: 'marked', reason: 'Apertium is missing' };
}
