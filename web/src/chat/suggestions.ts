/** Questions to begin with. */
export const OWN = [
  "What was my last blood pressure and is it all right?",
  "Show my cholesterol over the last two years",
  "Which medicines do I take and since when?",
  "What am I allergic to?",
  "Summarise my record for my doctor",
  "What does my DNA say about clopidogrel?",
];

export const OF_A_PATIENT = [
  "Summarise this record",
  "What was the last blood pressure?",
  "Which medicines are taken, and since when?",
  "Are there known allergies?",
];
