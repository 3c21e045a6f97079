/** What the page sends: "subscribe", "unsubscribe", or something that the server has no name for. */
export interface Command {
  command: string;
  student: string;
}

/** What the server sends: the answer to a command, an error, or how a registration went. */
export interface Message {
  type?: string;
  message?: string;
  error?: string;
  registration_type?: "SUCCESS" | "FAILURE";
  registration_data?: { section: string; reason?: string };
}
