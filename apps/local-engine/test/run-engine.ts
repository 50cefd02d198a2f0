import { loadConfig } from '@parley/config';
import { createLogger } from '@parley/telemetry';
import { startEngine } from '../src/index.ts';

const config = loadConfig({ ...process.env, PORT: '0', ENGINE_TRANSLATIONS: 'apertium' });
await startEngine(config, createLogger(config, 'engine'));
