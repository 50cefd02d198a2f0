import { undeterminedLanguage } from '@parley/protocol';
import type { EngineProfile } from '@parley/redis/engine-profile';
import type { EngineChoice } from './engine-choice.ts';
import { defaultEdgePort } from './edge-port.ts';
import { renderLan } from './lan-screen.ts';
import type { RunningProcess } from './run-file.ts';
import type { SpeakToken } from './speak-token.ts';

/** The state to show once everything is running. */
export interface Running {
  /** The process id of `up` itself. */
  readonly pid: number;
  /** The processes; a pid of 0 means that `up` did not start it. */
  readonly processes: readonly RunningProcess[];
  readonly engine: EngineChoice;
  /** See `readEngineProfile`. */
  readonly profile: EngineProfile | 'silent' | 'unknown';
  /** The login of the dashboard: the key made for it, that of DASHBOARD_KEY, or none. */
  readonly dashboardLogin: { readonly madeKey: string } | 'configured' | 'none';
  /** Whether clients need an API key. */
  readonly needsKey: boolean;
  /** How other devices in the local network connect, if they can, and the key made for them. */
  readonly lan: { readonly address: string; readonly key: string | undefined } | undefined;
  /** The token in the link to speak from another device. */
  readonly speakToken?: SpeakToken | undefined;
  readonly redisIsPrivate: boolean;
  /** The log folder; `undefined` if logs are printed in the terminal. */
  readonly logFolder: string | undefined;
}

/**
 * Renders the addresses of all processes, and how to try and stop them.
 *
 * @param showQrCode whether to draw a QR code of the link to speak from the local network
 */
export function renderScreen(running: Running, showQrCode = false): string {
  const url = (name: string): string | undefined => running.processes.find((entry) => entry.name === name)?.url;
  const edge = new URL(url('edge') ?? 'http://127.0.0.1');
  if (running.lan !== undefined) edge.hostname = '127.0.0.1';
  const socket = new URL('/v1/stream', edge);
  socket.protocol = edge.protocol === 'https:' ? 'wss:' : 'ws:';
  const metricsUrls = running.processes.flatMap(({ metricsUrl }) => metricsUrl ?? []);
  const dashboard = url('dashboard');
  const ownProcesses = running.processes.filter(({ pid }) => pid > 0).map(({ name, pid }) => `${name} ${pid}`);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Page', `${new URL('/', edge).href}${pageNote(running)}`],
    ['WebSocket', `${socket.href}${running.needsKey ? keyNote(running) : ''}`],
    ['Dashboard', dashboard === undefined ? undefined : `${new URL('overview', dashboard).href}${loginNote(running)}`],
    ['Metrics', metricsUrls.length === 0 ? undefined : metricsUrls.join('  ')],
    ['Engine', describeEngine(running)],
    ['Languages', describeLanguages(running)],
    ['Redis', `${running.redisIsPrivate ? 'private, ' : ''}${hideCredentials(url('redis') ?? '')}`],
    ['Processes', [`up ${running.pid}`, ...ownProcesses].join('  ')],
    ['Logs', running.logFolder],
  ];
  const table = rows.flatMap(([label, value]) => (value === undefined ? [] : [`  ${label.padEnd(11)}${value}`]));
  const parameters = Number(edge.port) === defaultEdgePort ? '' : ` --url ${socket.href}`;
  const key = running.needsKey ? ' --key KEY' : '';
  return [
    '',
    'Parley is running.',
    '',
    ...table,
    '',
    'Try it in a second terminal, in this folder:',
    '',
    `  npx parley replay test/fixtures/asr-traces/meeting.jsonl --to es${parameters}${key}`,
    `  printf 'Good morning everyone.\\n' | npx parley translate --from en --to es,ca${parameters}${key}`,
    ...(running.redisIsPrivate ? [`  REDIS_URL=${url('redis')} npx parley usage`] : []),
    '',
    ...(running.lan === undefined
      ? []
      : [
          renderLan({ ...running.lan, speakToken: running.speakToken, url: lanUrl(edge, running.lan), showQrCode }),
          '',
        ]),
    'Stop it with Ctrl-C.',
    '',
  ].join('\n');
}

/** With keys, the page asks for a token. */
function pageNote({ needsKey, lan, speakToken }: Running): string {
  if (!needsKey) return '';
  return lan !== undefined && speakToken !== undefined
    ? '   (open a link below instead, which has an access token)'
    : '   (needs an access token, see docs/pages.md)';
}

function keyNote({ lan }: Running): string {
  return lan?.key === undefined ? '   (needs a key of API_KEYS)' : '   (needs the key below)';
}

function loginNote({ dashboardLogin }: Running): string {
  if (dashboardLogin === 'none') return '';
  return dashboardLogin === 'configured'
    ? '   (password: DASHBOARD_KEY)'
    : `   (any user name, password ${dashboardLogin.madeKey})`;
}

function lanUrl(edge: URL, { address }: { readonly address: string }): string {
  const url = new URL('/', edge);
  url.hostname = address;
  return url.href;
}

function describeEngine({ engine, profile }: Running): string {
  if (engine.kind === 'remote') {
    return profile === 'silent' ? `${engine.description}: DOES NOT RESPOND, see the logs` : engine.description;
  }
  if (engine.kind === 'apertium')
    return 'local, Apertium (set OPENAI_API_KEY or OPENAI_BASE_URL to use a language model)';
  return `local, SIMULATED: marked stand-in text such as "[es] Hello", no translation (${engine.reason})`;
}

function describeLanguages({ engine, profile }: Running): string {
  if (engine.kind === 'marked' || engine.kind === 'paraphrased') return 'any, simulated';
  if (profile === 'silent' || profile === 'unknown') return 'not known yet';
  if (profile.languagePairs === undefined) return 'any that the model supports';
  const targets = Map.groupBy(profile.languagePairs, ([source]) => source);
  const continuation = `\n${' '.repeat(13)}`;
  return [...targets]
    .map(
      ([source, pairs]) =>
        `${source === undeterminedLanguage ? 'detected' : source} -> ${pairs.map(([, target]) => target).join(', ')}`,
    )
    .join(continuation);
}

function hideCredentials(url: string): string {
  if (!URL.canParse(url)) return url;
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '...';
  return shown.href;
}
