import { Subject, type Observable } from "rxjs";
import type { Command, Message } from "./messages";

const WAITS_MS = [250, 500, 1000, 2000, 4000];

/** One connection to ws/events/ for the whole page, on the browser's own WebSocket. */
export class ChannelerService {
  readonly #told = new Subject<Message>();
  readonly messages: Observable<Message> = this.#told.asObservable();

  readonly #students = new Set<string>();
  #waiting: Command[] = [];
  #wanted = false;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  subscribe(student: string): void {
    this.#students.add(student);
    if (this.#isOpen) {
      this.#say({ command: "subscribe", student });
    }
    if (!this.#wanted) {
      this.#wanted = true;
      this.#connect();
    }
  }

  send(command: Command): void {
    if (this.#isOpen) {
      this.#say(command);
      return;
    }
    this.#waiting.push(command);
    if (this.#waiting.length > 20) {
      this.#waiting.shift();
    }
  }

  unsubscribe(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#students.clear();
    this.#waiting = [];
    this.#failures = 0;
  }

  get #isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  #say(command: Command): void {
    this.#socket?.send(JSON.stringify(command));
  }

  #connect(): void {
    const socket = new WebSocket("/ws/events/");
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (this.#socket !== socket) {
        return; // unsubscribed meanwhile
      }
      this.#students.forEach((student) => this.#say({ command: "subscribe", student }));
      this.#waiting.splice(0).forEach((command) => this.#say(command));
    });
    socket.addEventListener("message", ({ data }) => {
      if (this.#socket === socket) {
        this.#failures = 0;
        this.#told.next(JSON.parse(data) as Message);
      }
    });
    socket.addEventListener("close", () => {
      if (this.#socket !== socket) {
        return;
      }
      this.#socket = null;
      const wait = WAITS_MS[Math.min(this.#failures, WAITS_MS.length - 1)];
      this.#failures += 1;
      this.#timer = setTimeout(() => this.#connect(), wait);
    });
  }
}
