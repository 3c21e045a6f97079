import {
  Subject,
  Subscription,
  catchError,
  fromEvent,
  merge,
  of,
  repeat,
  switchMap,
  take,
  tap,
  throwError,
  timer,
  type Observable,
} from "rxjs";
import { WebSocketSubject } from "rxjs/webSocket";

export type Told = Record<string, any>;
type Saying = { command: string; student: string };

export class ChannelerService {
  readonly messages = new Subject<Told>();
  #wanted: string[] = [];
  #outbox: Saying[] = [];
  #open = false;
  #losses = 0;
  #thread: Subscription | null = null;
  #wire: WebSocketSubject<Saying | Told> | null = null;

  subscribe(student: string) {
    const isNew = !this.#wanted.includes(student);
    if (isNew) this.#wanted.push(student);
    if (this.#open && isNew) this.#say(student);
    if (this.#thread === null) this.#begin();
  }

  send(saying: Saying) {
    if (this.#open) {
      this.#wire!.next(saying);
      return;
    }
    this.#outbox.push(saying);
    if (this.#outbox.length > 20) this.#outbox.shift();
  }

  unsubscribe() {
    this.#thread?.unsubscribe();
    this.#wire?.complete();
    this.#thread = this.#wire = null;
    this.#open = false;
    this.#wanted = [];
    this.#outbox.length = 0;
  }

  #begin() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const wire = (this.#wire = new WebSocketSubject<Saying | Told>({
      url: `${scheme}://${location.host}/ws/events/`,
      openObserver: { next: () => this.#greet(wire) },
      closeObserver: { next: () => { if (wire === this.#wire) this.#open = false; } },
    }));
    const pause = () => {
      const wait = Math.min(300 * 1.9 ** this.#losses++, 4000) * (0.9 + Math.random() * 0.2);
      this.messages.next({ type: "offline", message: `offline, next try in ${1 + Math.floor(wait / 1000)} s` });
      return merge(timer(wait), fromEvent(globalThis, "online")).pipe(take(1));
    };
    const lasting = (): Observable<Told> =>
      wire.pipe(
        tap(() => (this.#losses = 0)),
        catchError(() => pause().pipe(switchMap(lasting))),
      );
    this.#thread = lasting()
      .pipe(repeat({ delay: pause }), catchError((error) => (console.warn(error), throwError(() => error))))
      .subscribe({ next: (told) => this.messages.next(told), error: () => of() });
  }

  #greet(wire: WebSocketSubject<Saying | Told>) {
    if (wire !== this.#wire) return;
    this.#open = true;
    for (const student of this.#wanted) this.#say(student);
    while (this.#outbox.length) wire.next(this.#outbox.shift()!);
  }

  #say(student: string) {
    this.#wire!.next({ command: "subscribe", student });
  }
}
