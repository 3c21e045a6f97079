import { Component, DestroyRef, ElementRef, inject, signal } from "@angular/core";
import { takeUntilDestroyed } from "@angular/core/rxjs-interop";
import { ChannelerService } from "../../client/src/channeler.service";
import type { Message } from "../../client/src/messages";

@Component({
  selector: "app-registrations",
  template: `
    <h1>The seats of {{ student }}</h1>
    <ul id="seats">
      @for (section of seats(); track section) {
        <li [attr.data-section]="section">{{ section }}</li>
      } @empty {
        <li>none yet</li>
      }
    </ul>
    <p>Latest: <strong id="latest">{{ latest() }}</strong></p>
  `,
})
export class Registrations {
  readonly student: string = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement.dataset["student"] ?? "";
  readonly seats = signal<string[]>([]);
  readonly latest = signal("nothing yet");

  constructor() {
    const channeler = inject(ChannelerService);
    channeler.messages.pipe(takeUntilDestroyed()).subscribe((message) => this.show(message));
    channeler.subscribe(this.student);
    inject(DestroyRef).onDestroy(() => channeler.unsubscribe());
  }

  private show({ type, message, error, registration_type, registration_data }: Message): void {
    this.latest.set(message ?? error ?? `${registration_type}: ${registration_data?.section}`);
    if (type === "subscribe" || registration_type) {
      void this.look();
    }
  }

  private async look(): Promise<void> {
    try {
      this.seats.set(await (await fetch("/seats/")).json());
    } catch {
      // The server is away. It is asked again after the next subscription.
    }
  }
}
