/** Tickets of a session that wait first come, first served; those beyond wait behind everybody's first ones. */
const firstComeTickets = 4;

/** A ticket to add to the lane. */
export interface Ticket {
  readonly number: string;
  /** BullMQ's. It grows with the tickets of the session that wait already, so that none of them crowds others out. */
  readonly priority: number;
}

/** A ticket with the slot that it is for. */
export interface SlotTicket extends Ticket {
  readonly segmentId: number;
  readonly target: string;
}

/** Reads `NUMBER PLACE` as the scripts give it; '' is no ticket. */
export function ticketIn(text = ''): Ticket | undefined {
  const [number = '', place] = text.split(' ');
  if (number === '') return undefined;
  return { number, priority: Math.max(0, Number(place) + 1 - firstComeTickets) };
}
