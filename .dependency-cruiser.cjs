/** The arrows of the architecture: down only. docs/architecture.md draws them. */
const ioModules = '^(node:)?(fs|net|tls|http|https|http2|dns|dgram|child_process|worker_threads|cluster)(/|$)';

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'packages-not-to-apps', severity: 'error', from: { path: '^packages/' }, to: { path: '^apps/' } },
    {
      name: 'apps-apart',
      comment: 'Of the apps only cli imports others.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/cli/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'only-through-index',
      comment: "Another package's inside is its own business. The types of engines can be had without the engines.",
      severity: 'error',
      from: { path: '^(apps|packages)/([^/]+)/' },
      to: {
        path: '^(apps|packages)/[^/]+/src/',
        pathNot: [
          '^$1/$2/',
          '/src/index\\.ts$',
          '^packages/redis/src/[^/]+/index\\.ts$',
          '^packages/protocol/src/http-api/index\\.ts$',
          '^packages/engines/src/engine-types\\.ts$',
        ],
      },
    },
    {
      name: 'pure-packages-do-no-io',
      severity: 'error',
      from: { path: '^packages/(protocol|translation|subtitles)/src/' },
      to: { path: ioModules },
    },
    {
      name: 'pure-packages-import-no-io-package',
      severity: 'error',
      from: { path: '^packages/(protocol|translation|subtitles)/src/' },
      to: {
        path: '^(packages/(redis|queues|engines|telemetry|client|config)/|node_modules/(ioredis|bullmq|undici|ws|pino|fastify)/)',
      },
    },
    {
      name: 'subtitles-look-down',
      severity: 'error',
      from: { path: '^packages/subtitles/src/' },
      to: { path: '^packages/', pathNot: '^packages/(protocol|subtitles)/' },
    },
    {
      name: 'redis-queues-engines-look-down',
      severity: 'error',
      from: { path: '^packages/(redis|queues|engines)/src/' },
      to: { path: '^packages/', pathNot: '^packages/(translation|protocol|$1)/' },
    },
    {
      name: 'client-checker-look-down',
      severity: 'error',
      from: { path: '^packages/(client|checker)/src/' },
      to: { path: '^packages/', pathNot: '^packages/(protocol|$1)/' },
    },
    {
      name: 'config-looks-down',
      comment: 'Only the types of engines, and of the servers of Redis.',
      severity: 'error',
      from: { path: '^packages/config/src/' },
      to: {
        path: '^packages/',
        pathNot: '^packages/(config/|engines/src/engine-types\\.ts$|redis/src/servers/index\\.ts$)',
      },
    },
    {
      name: 'telemetry-looks-down',
      severity: 'error',
      from: { path: '^packages/telemetry/src/' },
      to: { path: '^packages/', pathNot: '^packages/(telemetry|config|protocol)/' },
    },
    {
      name: 'pages-import-only-client',
      severity: 'error',
      from: { path: '^apps/web/src/' },
      to: { path: '^packages/', pathNot: '^packages/client/' },
    },
    {
      name: 'pages-run-in-browsers',
      comment: 'index.ts tells the edge where the pages are.',
      severity: 'error',
      from: { path: '^apps/web/src/', pathNot: '^apps/web/src/index\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'worker-looks-down',
      comment: 'consumer -> partials -> calls',
      severity: 'error',
      from: { path: '^apps/worker/src/(partials|calls)/' },
      to: { path: '^apps/worker/src/', pathNot: '^apps/worker/src/($1|calls)/' },
    },
    {
      name: 'sources-not-to-tests',
      severity: 'error',
      from: { path: '^(apps|packages)/[^/]+/src/' },
      to: { path: '(^test/|/test/)' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
