// Stands for `parley NAME`: listens, says that it is ready, writes down when it starts and stops, and misbehaves on request.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const name = process.argv[2];
const { EVENTS, HOST, PORT, HEALTH_PORT, REDIS_URL, CACHE_REDIS_URL, OPENAI_BASE_URL, MALLOC_ARENA_MAX } = process.env;
const behaviour = process.env[`STAND_IN_${name.toUpperCase()}`];
const note = (what) => appendFileSync(EVENTS, `${what} ${name} ${process.pid}\n`);

if (behaviour === 'broken') {
  console.error(`${name} has a defect`);
  process.exit(3);
}
const models = { data: [{ id: 'm', language_pairs: [['en', 'es'], ['en', 'ca'], ['es', 'en']] }] }; // prettier-ignore
const server = createServer((request, response) => {
  if (request.url === '/exit') process.exit(9);
  const environment = { REDIS_URL, CACHE_REDIS_URL, OPENAI_BASE_URL, HOST, MALLOC_ARENA_MAX };
  const { execArgv } = process;
  response.end(JSON.stringify(request.url === '/env' ? { ...environment, execArgv } : models));
});
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen(Number(name === 'worker' ? HEALTH_PORT : PORT), HOST, () => {
  note('start');
  console.log(JSON.stringify({ level: 30, msg: 'ready', url: `http://127.0.0.1:${server.address().port}` }));
});
process.on('SIGTERM', () => {
  if (behaviour === 'deaf') return;
  note('stop');
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
