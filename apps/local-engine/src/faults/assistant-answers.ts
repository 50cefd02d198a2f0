/** What a chat model says when it takes the text for a message to itself. None of it translates anything. */
const answers = [
  "I'm sorry, but I can't help with that.",
  'Hello! How can I assist you today?',
  "Sure, I'd be happy to help! Could you please give me more details about what you need?",
  'As an AI language model, I do not have personal opinions or experiences.',
] as const;

/** @param number which one: they come in turn */
export function assistantAnswer(number: number): string {
  return answers[number % answers.length] ?? answers[0];
}
