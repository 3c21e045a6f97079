import { defer, EMPTY, Observable, Subject, throwError, timer } from "rxjs";
import { concatWith, distinctUntilChanged, finalize, retry, switchMap, tap } from "rxjs/operators";
import { webSocket, WebSocketSubject } from "rxjs/webSocket";
import type { Command, Message } from "./messages";

/** What is to be said at the next opening: who is subscribed, then the newest commands. */
class Outbox {
  private students: string[] = [];
  private commands: Command[] = [];

  constructor(private readonly most: number) {}

  addStudent(student: string): void {
    if (!this.students.includes(student)) {
      this.students = [...this.students, student];
    }
  }

  addCommand(command: Command): void {
    const tooMany = this.commands.push(command) - this.most;
    if (tooMany > 0) {
      this.commands.splice(0, tooMany);
    }
  }

  take(): Command[] {
    const commands = this.commands;
    this.commands = [];
    return [...this.students.map((student) => ({ command: "subscribe", student })), ...commands];
  }

  clear(): void {
    this.students = [];
    this.commands = [];
  }
}

const waitMs = (attempt: number): number => Math.min(4000, 400 * 1.7 ** (attempt - 1));

/** One connection to ws/events/ for the whole page, which comes back when it is lost. */
export class ChannelerService {
  public readonly messages: Observable<Message>;
  private readonly told = new Subject<Message>();
  private readonly wanted = new Subject<boolean>();
  private readonly outbox = new Outbox(20);
  private open: WebSocketSubject<unknown> | null = null;

  constructor() {
    this.messages = new Observable((listener) => this.told.subscribe(listener));
    this.wanted
      .pipe(
        distinctUntilChanged(),
        switchMap((wanted) => (wanted ? this.lasting() : EMPTY)),
      )
      .subscribe(this.told);
  }

  public subscribe(student: string): void {
    this.outbox.addStudent(student);
    this.open?.next({ command: "subscribe", student });
    this.wanted.next(true);
  }

  public send(command: Command): void {
    if (this.open === null) {
      this.outbox.addCommand(command);
    } else {
      this.open.next(command);
    }
  }

  public unsubscribe(): void {
    this.wanted.next(false);
    this.open = null;
    this.outbox.clear();
  }

  private lasting(): Observable<Message> {
    return defer(() => this.once()).pipe(
      retry({ delay: (_error, attempt) => timer(waitMs(attempt)), resetOnSuccess: true }),
    );
  }

  private once(): Observable<Message> {
    const opened = new Subject<Event>();
    const socket = webSocket<unknown>({ url: "/ws/events/", openObserver: opened });
    const greeting = opened.subscribe(() => {
      this.open = socket;
      this.outbox.take().forEach((command) => socket.next(command));
    });
    return (socket as Observable<unknown> as Observable<Message>).pipe(
      concatWith(throwError(() => new Error("closed"))),
      tap({ error: () => this.forget(socket) }),
      finalize(() => greeting.unsubscribe()),
    );
  }

  private forget(socket: WebSocketSubject<unknown>): void {
    if (this.open === socket) {
      this.open = null;
    }
  }
}
