/**
 * What a whole run of the end-to-end tests has turned, for all the pipelines that it starts (`TEST_SWITCH=NAME=value`, or
 * several with spaces between, see `npm run test:off`); empty otherwise.
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
