import { Subject, type Observable, type Subscription } from "rxjs";
import { webSocket, type WebSocketSubject } from "rxjs/webSocket";
import type { Command, Message } from "./messages";

/** One connection to ws/events/ for the whole page, which comes back when it is lost. */
export class ChannelerService {
  private readonly told = new Subject<Message>();

  /** What the server tells, for as many listeners as there are. It never ends and never fails. */
  readonly messages: Observable<Message> = this.told.asObservable();

  private readonly students = new Set<string>();
  private waiting: Command[] = [];
  private attempts = 0;
  private connection?: Subscription;
  private socket?: WebSocketSubject<unknown>; // while it is open

  /** Ask for a student's events, over the connection that there is, or over a new one. */
  subscribe(student: string): void {
    this.students.add(student);
    this.socket?.next({ command: "subscribe", student });
    if (!this.connection) {
      this.connect();
    }
  }

  /** Send a command, or keep it until there is a connection: the newest 20, in their order. */
  send(command: Command): void {
    if (this.socket) {
      this.socket.next(command);
    } else {
      this.waiting = [...this.waiting, command].slice(-20);
    }
  }

  /** Close the connection, and let it be closed. */
  unsubscribe(): void {
    this.connection?.unsubscribe();
    this.connection = undefined;
    this.socket = undefined;
    this.students.clear();
    this.waiting = [];
  }

  private connect(): void {
    const socket = webSocket<unknown>({
      url: "/ws/events/",
      openObserver: {
        next: () => {
          this.socket = socket;
          this.attempts = 0;
          this.students.forEach((student) => socket.next({ command: "subscribe", student }));
          this.waiting.splice(0).forEach((command) => socket.next(command));
        },
      },
    });
    this.connection = socket.subscribe({
      next: (message) => this.told.next(message as Message),
      error: () => this.later(),
      complete: () => this.later(),
    });
  }

  private later(): void {
    this.socket = undefined;
    const wait = Math.min(250 * 2 ** this.attempts++, 4000);
    setTimeout(() => this.connect(), wait);
  }
}
