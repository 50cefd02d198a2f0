export interface FamilyStyle {
  readonly color: string;
  /** Whether the points are connected. */
  readonly hasLine: boolean;
  readonly radius: number;
  /** How far the label is below the middle of its point. */
  readonly labelDy: number;
}

const parley: FamilyStyle = { color: '#c22f2f', hasLine: false, radius: 6, labelDy: 15 };
const colors: Readonly<Record<string, string>> = {
  'mask-k': '#777777',
  'agreement of n translations': '#2f6fc2',
  'agreement of n revisions of the source': '#2f8f4e',
};

/** Returns how a family of policies is drawn. */
export function styleOf(family: string): FamilyStyle {
  return family === 'parley' ? parley : { color: colors[family] ?? '#000000', hasLine: true, radius: 3.5, labelDy: -5 };
}
