/**
 * Adds up the series of a metric on a page in Prometheus' text format.
 *
 * @param label one label of the series to add, such as `kind="partial"`
 */
export function sumOfSeries(page: string, metric: string, label: string): number {
  return page
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
