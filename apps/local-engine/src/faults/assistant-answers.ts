/** Replies of a chat model that answers the text instead of translating it. */
const answers = [
  "I'm sorry, but I can't help with that.",
  'Hello! How can I assist you today?',
  "Sure, I'd be happy to help! Could you please give me more details about what you need?",
  'As an AI language model, I do not have personal opinions or experiences.',
] as const;

/** Returns the answers in rotation. */
export function assistantAnswer(number: number): string {
  return answers[number % answers.length] ?? answers[0];
}
