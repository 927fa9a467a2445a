/** One workspace where the app is installed, as the rest of `slack/` needs it. */
export type Installation = {
  teamId: string;
  teamName: string;
  /** Undefined for the vendor's own workspace. */
  accountId: string | undefined;
  isHome: boolean;
  botToken: string;
  botUserId: string;
  botId: string;
};

/** Answers from memory when it can: it stands before every `views.open`. */
export type FindInstallation = (teamId: string) => Promise<Installation | undefined>;
