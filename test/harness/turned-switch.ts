/**
 * The one variable that a whole run of the end-to-end tests has turned (`TEST_SWITCH=NAME=value`, see `npm run test:off`);
 * empty otherwise.
 */
export const turnedSwitch: Readonly<Record<string, string>> = parse(process.env.TEST_SWITCH);

function parse(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  const [name, value, ...rest] = text.split('=');
  if (!name || !value || rest.length > 0) throw new Error(`TEST_SWITCH must be NAME=value, not ${text}`);
  return { [name]: value };
}
