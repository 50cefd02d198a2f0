import { describe, expect, it } from '@jest/globals';
import { renderScreen, type Running } from '../../src/up/screen.ts';

const running: Running = {
  pid: 1,
  processes: [
    { name: 'redis', pid: 2, url: 'redis://127.0.0.1:1234' },
    { name: 'worker', pid: 3, url: 'http://127.0.0.1:8789', metricsUrl: 'http://127.0.0.1:8792/metrics' },
    { name: 'dashboard', pid: 4, url: 'http://127.0.0.1:8790' },
    { name: 'edge', pid: 5, url: 'http://127.0.0.1:8787', metricsUrl: 'http://127.0.0.1:8791/metrics' },
  ],
  engine: { kind: 'apertium' },
  dashboardLogin: 'none',
  profile: {
    v: 1,
    engine: 'apertium',
    languagePairs: [
      ['en', 'es'],
      ['en', 'ca'],
      ['es', 'en'],
    ],
  },
  needsKey: false,
  lan: undefined,
  redisIsPrivate: true,
  logFolder: '/clone/.parley/up/1/logs',
};

describe('renderScreen', () => {
  it('shows every address, the engine and the languages', () => {
    const screen = renderScreen(running);
    for (const part of [
      /Page +http:\/\/127\.0\.0\.1:8787\/$/m,
      /WebSocket +ws:\/\/127\.0\.0\.1:8787\/v1\/stream$/m,
      /Metrics +http:\/\/127\.0\.0\.1:8792\/metrics {2}http:\/\/127\.0\.0\.1:8791\/metrics$/m,
      /Engine +local, Apertium/,
      /Languages +en -> es, ca\n +es -> en$/m,
      /Redis +private, redis:\/\/127\.0\.0\.1:1234$/m,
      /Processes +up 1 {2}redis 2 {2}worker 3/,
      /replay test\/fixtures\/asr-traces\/meeting\.jsonl --to es$/m,
      /^ {2}REDIS_URL=redis:\/\/127\.0\.0\.1:1234 npx parley usage$/m,
    ])
      expect(screen).toMatch(part);
  });

  it('adds a non-default address and the API key to the example commands', () => {
    const processes = [{ name: 'edge', pid: 5, url: 'http://127.0.0.1:4711' }];
    const screen = renderScreen({ ...running, processes, needsKey: true });
    expect(screen).toMatch(/--to es --url ws:\/\/127\.0\.0\.1:4711\/v1\/stream --key KEY$/m);
  });

  it('reports a remote engine that does not respond, and the languages of one that does', () => {
    const engine = { kind: 'remote', description: 'gpt at llm.example' } as const;
    expect(renderScreen({ ...running, engine, profile: 'silent' })).toMatch(
      /Engine +gpt at llm\.example: DOES NOT RESPOND, see the logs\n +Languages +not known yet$/m,
    );
    expect(renderScreen({ ...running, engine, profile: { v: 1, engine: 'gpt' } })).toMatch(
      /Engine +gpt at llm\.example\n +Languages +any that the model supports$/m,
    );
  });

  it('shows the address in the local network, the key that was made, and who can connect', () => {
    const processes = [{ name: 'edge', pid: 5, url: 'http://0.0.0.0:4711' }];
    const lan = { address: '192.168.1.5', key: 'k'.repeat(32) };
    const screen = renderScreen({ ...running, processes, needsKey: true, lan });
    for (const part of [
      /Page +http:\/\/127\.0\.0\.1:4711\/ +\(needs an access token, see docs\/pages\.md\)$/m,
      /WebSocket +ws:\/\/127\.0\.0\.1:4711\/v1\/stream +\(needs the key below\)$/m,
      /To speak on this computer.* open this one:\n\nhttp:\/\/localhost:4711\/#audience=http:\/\/192\.168\.1\.5:4711$/m,
      /To speak from a phone .* open this link:\n\nhttp:\/\/192\.168\.1\.5:4711\/$/m,
      /^API key, for programs and for more tokens: k{32}$/m,
      /WARNING: every device in this network can reach 192\.168\.1\.5:4711/,
    ])
      expect(screen).toMatch(part);
    expect(screen).not.toContain('█');
    expect(renderScreen({ ...running, needsKey: true, lan }, true)).toMatch(/(?:█.*\n){10}/);
    const configured = renderScreen({ ...running, needsKey: true, lan: { ...lan, key: undefined } });
    expect(configured).toMatch(/needs a key of API_KEYS/);
    expect(configured).not.toContain('API key, for');
    const speakToken = { token: 'eyJ.a.b', expiresAt: new Date(2026, 11, 1, 15, 4) };
    const withToken = renderScreen({ ...running, processes, needsKey: true, lan, speakToken });
    expect(withToken).toMatch(/Page .*\(open a link below instead, which has an access token\)$/m);
    expect(withToken).toMatch(
      /until 15:04:\n\nhttp:\/\/192\.168\.1\.5:4711\/#token=eyJ\.a\.b\n\n.*\n\nhttp:\/\/localhost:4711\/#token=eyJ\.a\.b&audience=http:\/\/192\.168\.1\.5:4711$/m,
    );
    expect(renderScreen(running, true)).not.toMatch(/█|WARNING/);
  });

  it('shows the key that was made for the dashboard, but not a configured one', () => {
    expect(renderScreen(running)).toMatch(/Dashboard +http:\/\/127\.0\.0\.1:8790\/overview$/m);
    const made = renderScreen({ ...running, dashboardLogin: { madeKey: 'd'.repeat(32) } });
    expect(made).toMatch(/Dashboard +http:\/\/127\.0\.0\.1:8790\/overview +\(any user name, password d{32}\)$/m);
    expect(renderScreen({ ...running, dashboardLogin: 'configured' })).toMatch(/\(password: DASHBOARD_KEY\)$/m);
  });

  it('hides passwords', () => {
    const processes = [{ name: 'redis', pid: 0, url: 'redis://:secret@10.0.0.5:6379' }];
    expect(renderScreen({ ...running, processes, redisIsPrivate: false })).not.toContain('secret');
  });

  it('labels placeholder text as simulated', () => {
    expect(renderScreen({ ...running, engine: { kind: 'marked', reason: 'Apertium is missing' } })).toMatch(
      /SIMULATED.*no translation \(Apertium is missing\)/,
    );
  });
});
