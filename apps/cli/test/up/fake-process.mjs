// Replaces `parley NAME` in tests: listens, logs that it is ready, records start and stop, and misbehaves on request.
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const name = process.argv[2];
const {
  API_KEYS,
  DASHBOARD_KEY,
  EVENTS,
  HOST,
  PORT,
  HEALTH_PORT,
  REDIS_URL,
  CACHE_REDIS_URL,
  OPENAI_BASE_URL,
  MALLOC_ARENA_MAX,
  MALLOC_MMAP_THRESHOLD_,
} = process.env;
const behavior = process.env[`FAKE_${name.toUpperCase()}`];
const record = (event) => appendFileSync(EVENTS, `${event} ${name} ${process.pid}\n`);

if (behavior === 'broken') {
  console.error(`${name} has a defect`);
  process.exit(3);
}
if (behavior === 'late' && !readFileSync(EVENTS, { encoding: 'utf8', flag: 'a+' }).includes(`late ${name}`)) {
  record('late');
  console.error(`listen EADDRINUSE: address already in use ${HOST}:${PORT}`);
  process.exit(1);
}
const models = { data: [{ id: 'm', language_pairs: [['en', 'es'], ['en', 'ca'], ['es', 'en']] }] }; // prettier-ignore
const server = createServer(async (request, response) => {
  if (request.url === '/exit') process.exit(9);
  if (request.url === '/v1/tokens') {
    const { room = '' } = JSON.parse((await request.setEncoding('utf8').toArray()).join(''));
    const token = `token-for-${request.headers.authorization?.replace('Bearer ', '')}${room}`;
    response.writeHead(201).end(JSON.stringify({ token, expiresAt: '2026-12-01T10:30:00.000Z' }));
    return;
  }
  const environment = {
    API_KEYS,
    DASHBOARD_KEY,
    REDIS_URL,
    CACHE_REDIS_URL,
    OPENAI_BASE_URL,
    HOST,
    MALLOC_ARENA_MAX,
    MALLOC_MMAP_THRESHOLD_,
  };
  const { execArgv } = process;
  response.end(JSON.stringify(request.url === '/env' ? { ...environment, execArgv } : models));
});
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen(Number(name === 'worker' ? HEALTH_PORT : PORT), HOST, () => {
  record('start');
  console.log(JSON.stringify({ level: 'info', msg: 'ready', url: `http://127.0.0.1:${server.address().port}` }));
});
process.on('SIGTERM', () => {
  if (behavior === 'unstoppable') return;
  record('stop');
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
