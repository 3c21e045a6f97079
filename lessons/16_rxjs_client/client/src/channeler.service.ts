import { NEVER, type Observable } from "rxjs";
import type { Command, Message } from "./messages";

/** One connection to ws/events/ for the whole page, which comes back when it is lost. */
export class ChannelerService {
  /** What the server tells, for as many listeners as there are. It never ends and never fails. */
  readonly messages: Observable<Message> = NEVER; // TODO

  /** Ask for a student's events, over the connection that there is, or over a new one. */
  subscribe(student: string): void {
    // TODO
  }

  /** Send a command, or keep it until there is a connection: the newest 20, in their order. */
  send(command: Command): void {
    // TODO
  }

  /** Close the connection, and let it be closed. */
  unsubscribe(): void {
    // TODO
  }
}
