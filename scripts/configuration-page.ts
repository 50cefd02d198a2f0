import { format } from 'prettier';
import { variables, type ProcessName, type Variable } from '@parley/config';

const processes: Readonly<Record<ProcessName, string>> = {
  up: 'all of Parley on one machine; it hands the variables on to the processes that it starts',
  edge: 'one edge, where clients connect',
  worker: 'one worker, which translates',
  engine: 'the local engine',
  dashboard: 'the overview of the queues',
};

/** Returns the page as Markdown, formatted with Prettier. */
export async function configurationPage(): Promise<string> {
  const sections = (Object.keys(processes) as ProcessName[]).map((name) =>
    [
      `## parley ${name}`,
      `\`parley ${name}\` runs ${processes[name]}.`,
      ['| variable | default | allowed | what it does |', '| --- | --- | --- | --- |', ...rowsOf(name)].join('\n'),
    ].join('\n\n'),
  );
  const text = [
    '<!-- Made by `npm run docs` from packages/config/src/variables.ts. -->',
    '# Configuration',
    'Everything is set by environment variables. An empty variable counts as unset. A value that is not allowed stops the process at its start, with one error that names every such variable. `parley COMMAND --help` lists the same.',
    ...sections,
  ].join('\n\n');
  return format(text, { parser: 'markdown', printWidth: 120, singleQuote: true });
}

function rowsOf(name: ProcessName): readonly string[] {
  return (Object.entries(variables) as [string, Variable][])
    .filter(([, { readBy }]) => readBy.includes(name))
    .map(([variable, { fallback, allowed, description }]) => {
      const cells = [`\`${variable}\``, defaultOf(variable, fallback), allowed, description];
      return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    });
}

/** Describes defaults that depend on the machine in words. */
function defaultOf(variable: string, fallback: string | undefined): string {
  if (variable === 'WORKER_THREADS') return 'cores - 1';
  return fallback === undefined ? 'unset' : `\`${fallback}\``;
}
