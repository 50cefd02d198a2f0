export interface FamilyStyle {
  readonly color: string;
  /** Whether the points are connected, and labelled by their number alone. */
  readonly isCurve: boolean;
  readonly radius: number;
  /** Where a label is, seen from its point. */
  readonly label: { readonly dx: number; readonly dy: number };
}

const curve = { isCurve: true, radius: 3.5 } as const;
const above = { dx: 5, dy: -6 } as const;
const below = { dx: -5, dy: 14 } as const;

const styles: Readonly<Record<string, FamilyStyle>> = {
  'mask-k': { ...curve, color: '#777777', label: above },
  'agreement of n translations': { ...curve, color: '#2f6fc2', label: below },
  'agreement of n revisions of the source': { ...curve, color: '#2f8f4e', label: above },
};

const parley: FamilyStyle = { color: '#c22f2f', isCurve: false, radius: 6, label: { dx: 8, dy: 15 } };

/** Returns how a family of policies is drawn. */
export function styleOf(family: string): FamilyStyle {
  return styles[family] ?? parley;
}
