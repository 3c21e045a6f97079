import { firstValueFrom, Subject, timer, type Observable } from "rxjs";
import { webSocket, type WebSocketSubject } from "rxjs/webSocket";
import type { Command, Message } from "./messages";

/** One life of the service, from subscribe() to unsubscribe(). */
class Life {
  readonly students: Set<string> = new Set();
  socket?: WebSocketSubject<unknown>;
  private current?: { unsubscribe(): void };
  private over = false;

  constructor(
    private readonly hear: (message: Message) => void,
    private readonly takeWaiting: () => Command[],
  ) {}

  async run(): Promise<void> {
    for (let failures = 0; !this.over; failures += 1) {
      await this.connectOnce(() => (failures = -1));
      if (!this.over) {
        await firstValueFrom(timer([300, 600, 1200, 2400][Math.max(failures, 0)] ?? 4000));
      }
      if (failures < 0) {
        failures = 0;
      }
    }
  }

  end(): void {
    this.over = true;
    this.socket = undefined;
    this.current?.unsubscribe();
  }

  private connectOnce(alive: () => void): Promise<void> {
    return new Promise((resolve) => {
      const socket = webSocket<unknown>({ url: "/ws/events/", openObserver: { next: () => this.opened(socket) } });
      const ended = () => {
        this.socket = undefined;
        resolve();
      };
      this.current = socket.subscribe({
        next: (message) => {
          alive();
          this.hear(message as Message);
        },
        error: ended,
        complete: ended,
      });
    });
  }

  private opened(socket: WebSocketSubject<unknown>): void {
    this.socket = socket;
    for (const student of this.students) {
      socket.next({ command: "subscribe", student });
    }
    for (const command of this.takeWaiting()) {
      socket.next(command);
    }
  }
}

/** One connection to ws/events/ for the whole page, which comes back when it is lost. */
export class ChannelerService {
  private readonly told = new Subject<Message>();
  readonly messages: Observable<Message> = this.told.asObservable();
  private waiting: Command[] = [];
  private life?: Life;

  subscribe(student: string): void {
    const isNew = !this.life;
    const life = (this.life ??= new Life(
      (message) => this.told.next(message),
      () => this.waiting.splice(0),
    ));
    life.students.add(student);
    life.socket?.next({ command: "subscribe", student });
    if (isNew) {
      void life.run();
    }
  }

  send(command: Command): void {
    const socket = this.life?.socket;
    if (socket) {
      socket.next(command);
    } else {
      this.waiting = this.waiting.concat(command).slice(-20);
    }
  }

  unsubscribe(): void {
    this.life?.end();
    this.life = undefined;
    this.waiting = [];
  }
}
