/**
 * Variables that a run of the end-to-end tests overrides in all its pipelines (`TEST_SWITCH=NAME=value`, or several,
 * separated by spaces; see `npm run test:off`).
 */
export const switchOverrides: Readonly<Record<string, string>> = parse(process.env.TEST_SWITCH ?? '');

function parse(text: string): Record<string, string> {
  const turned = text.split(' ').filter((part) => part !== '');
  return Object.fromEntries(
    turned.map((part) => {
      const [name, value, ...rest] = part.split('=');
      if (!name || !value || rest.length > 0) throw new Error(`TEST_SWITCH must be NAME=value, not ${part}`);
      return [name, value];
    }),
  );
}
