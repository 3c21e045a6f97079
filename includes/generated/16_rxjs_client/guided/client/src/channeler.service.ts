import { concat, defer, retry, Subject, throwError, timer, type Observable, type Subscription } from "rxjs";
import { webSocket, type WebSocketSubject } from "rxjs/webSocket";
import type { Command, Message } from "./messages";

// --8<-- [start:limits]
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4000;
const MOST_WAITING = 20;

// --8<-- [end:limits]
/** One connection to ws/events/ for the whole page, which comes back when it is lost. */
export class ChannelerService {
  // --8<-- [start:messages]
  private readonly told = new Subject<Message>();

  /** What the server tells, for as many listeners as there are. It never ends and never fails. */
  readonly messages: Observable<Message> = this.told.asObservable();

  // --8<-- [end:messages]
  // --8<-- [start:state]
  private readonly students = new Set<string>();
  private waiting: Command[] = [];
  private connection?: Subscription; // from subscribe() to unsubscribe(), also while the server is away
  private socket?: WebSocketSubject<unknown>; // while it is open

  // --8<-- [end:state]
  // --8<-- [start:subscribe]
  /** Ask for a student's events, over the connection that there is, or over a new one. */
  subscribe(student: string): void {
    this.students.add(student);
    this.socket?.next({ command: "subscribe", student });
    this.connection ??= this.stayConnected();
  }

  // --8<-- [end:subscribe]
  // --8<-- [start:send]
  /** Send a command, or keep it until there is a connection: the newest 20, in their order. */
  send(command: Command): void {
    if (this.socket) {
      this.socket.next(command);
    } else {
      this.waiting = [...this.waiting, command].slice(-MOST_WAITING);
    }
  }

  // --8<-- [end:send]
  // --8<-- [start:unsubscribe]
  /** Close the connection, and let it be closed. */
  unsubscribe(): void {
    this.connection?.unsubscribe();
    this.connection = undefined;
    this.socket = undefined;
    this.students.clear();
    this.waiting = [];
  }

  // --8<-- [end:unsubscribe]
  // --8<-- [start:stay-connected]
  private stayConnected(): Subscription {
    const delay = (_: unknown, attempt: number) => timer(Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS));
    return defer(() => this.connect())
      .pipe(retry({ delay, resetOnSuccess: true }))
      .subscribe((message) => this.told.next(message as Message));
  }

  // --8<-- [end:stay-connected]
  // --8<-- [start:connect]
  private connect(): Observable<unknown> {
    const socket = webSocket<unknown>({
      url: "/ws/events/",
      openObserver: { next: () => this.opened(socket) },
      closeObserver: { next: () => this.closed(socket) },
    });
    const end = throwError(() => new Error("The connection has ended."));
    return concat(socket, end); // a server that says goodbye is as far away as one that does not
  }

  // --8<-- [end:connect]
  // --8<-- [start:opened]
  private opened(socket: WebSocketSubject<unknown>): void {
    this.socket = socket;
    this.students.forEach((student) => socket.next({ command: "subscribe", student }));
    this.waiting.splice(0).forEach((command) => socket.next(command));
  }

  private closed(socket: WebSocketSubject<unknown>): void {
    if (this.socket === socket) {
      this.socket = undefined;
    }
  }
  // --8<-- [end:opened]
}
