import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesFolder, objectsOf } from '../kubernetes/rendered.ts';
import { alertRules, dashboards } from './files.ts';

interface NamedExpression {
  readonly name: string;
  /** In PromQL, without variables of Grafana. */
  readonly text: string;
}

const [scaledObject] = objectsOf(
  readFileSync(join(kubernetesFolder, 'overlays/autoscaled/worker-scaling.yaml'), 'utf8'),
);
const { triggers } = scaledObject?.spec as {
  triggers: readonly { readonly name?: string; readonly metadata: { readonly query?: string } }[];
};

/** Every expression of the alert rules, the dashboards, and the autoscaling in Kubernetes. */
export const namedExpressions: readonly NamedExpression[] = [
  ...alertRules.map(({ alert, expr }) => ({ name: alert, text: expr })),
  ...dashboards.flatMap(({ uid, panels }) =>
    panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ name: `${uid}: ${title}`, text: expr.replaceAll('$__rate_interval', '5m') })),
    ),
  ),
  ...triggers.flatMap(({ name = '', metadata: { query } }) => (query === undefined ? [] : [{ name, text: query }])),
];
