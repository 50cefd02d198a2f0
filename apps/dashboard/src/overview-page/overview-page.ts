import type { Finding, Overview } from '../overview/overview.ts';
import { html, type Html } from './html.ts';
import { edgesTable, endpointsTable, workersTable } from './process-tables.ts';
import { callsTable, queuesTable, sessionsTable, todayTable } from './work-tables.ts';

const verdicts: Readonly<Record<Overview['verdict'], string>> = {
  well: 'All is well',
  degraded: 'Degraded',
  down: 'Down',
};

export interface PageOptions {
  /** Whether there is a board for operators. */
  readonly hasOperator: boolean;
}

/** Renders the overview as a page that can be read without its script, which only keeps it up to date. */
export function overviewPage(overview: Overview, { hasOperator }: PageOptions): string {
  const operator = hasOperator ? html`<a href="operator/">Retry and clean jobs</a>` : '';
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${verdicts[overview.verdict]} · Parley</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="overview.css" />
        <noscript><meta http-equiv="refresh" content="5" /></noscript>
        <script src="overview.js" type="module"></script>
      </head>
      <body>
        <header>
          <p class="brand">Parley</p>
          <nav><a href="./">Jobs</a> ${operator}</nav>
        </header>
        <main>
          <p class="stale" role="alert" hidden>The dashboard does not answer. What is shown below is old.</p>
          <div class="verdict">
            <div role="status" data-part="verdict">
              <h1 class="${overview.verdict}">${verdicts[overview.verdict]}</h1>
            </div>
            <div data-part="findings">${findingsList(overview.findings)}</div>
          </div>
          ${sessionsTable(overview)} ${queuesTable(overview)} ${callsTable(overview)} ${endpointsTable(overview)}
          ${edgesTable(overview)} ${workersTable(overview)} ${todayTable(overview)}
        </main>
        <footer>
          <p class="note">
            Read at <time data-part="time">${new Date(overview.atMs).toISOString()}</time>.
            <a href="overview.json">The same as JSON</a>
          </p>
        </footer>
      </body>
    </html> `;
  return page.text;
}

function findingsList(findings: readonly Finding[]): Html | string {
  if (findings.length === 0) return '';
  return html`<ul>
    ${findings.map(({ severity, where, what }) => html`<li class="${severity}"><strong>${where}</strong>: ${what}</li>`)}
  </ul>`;
}
