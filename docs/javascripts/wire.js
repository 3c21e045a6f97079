/* Plays what went over the wire. The list on the page is the recording: this adds the buttons, and hides for a while what
   is still to come. Each player: first, back, play or pause, forward, and a slider; arrow keys, Home and End do the same. */

"use strict";

(() => {
  const STEP_MS = 800;
  const LONGEST_MS = 2500;
  const BUTTONS = { first: ["▏◀", "To the beginning"], back: ["◀", "One step back"], play: ["▶", "Play"], on: ["▶▏", "One step on"] };

  class Player {
    constructor(figure) {
      this.figure = figure;
      this.events = [...figure.querySelectorAll("ol > li")];
      this.at = this.events.length; // how many are shown: all of them, as without this script
      this.timer = 0;
      this.build(figure.querySelector(".wire-bar"), figure.querySelector("figcaption").textContent);
      this.events.forEach((event, index) => {
        // Whoever opens or reaches what is still to come has come there.
        event.addEventListener("focusin", () => index >= this.at && this.go(index + 1));
      });
      this.show();
    }

    build(bar, title) {
      const group = { first: () => this.go(0), back: () => this.go(this.at - 1), play: () => this.toggle(), on: () => this.go(this.at + 1) };
      for (const [name, [sign, label]] of Object.entries(BUTTONS)) {
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign, title: label });
        button.setAttribute("aria-label", label);
        button.dataset.wire = name;
        button.addEventListener("click", group[name]);
        bar.append(button);
      }
      this.slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: this.events.length, step: 1 });
      this.slider.setAttribute("aria-label", "Events shown");
      this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
      this.count = document.createElement("output");
      bar.append(this.slider, this.count);
      bar.setAttribute("role", "group");
      bar.setAttribute("aria-label", `Play: ${title}`);
      bar.addEventListener("keydown", (press) => this.key(press));
      this.playButton = bar.querySelector("[data-wire=play]");
    }

    key(press) {
      const moves = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: this.events.length };
      if (press.altKey || press.ctrlKey || press.metaKey || !(press.key in moves)) return;
      press.preventDefault();
      press.stopPropagation(); // Material turns pages with some of these
      this.go(moves[press.key]);
    }

    /* Show so many events, whoever wants it: that ends playing. */
    go(at) {
      this.pause();
      this.at = Math.max(0, Math.min(this.events.length, at));
      this.show();
    }

    toggle() {
      if (this.timer) return this.pause();
      if (this.at === this.events.length) this.at = 0;
      this.figure.classList.add("playing");
      this.show();
      this.next();
    }

    next() {
      if (this.at === this.events.length || !this.figure.isConnected) return this.pause();
      const [before, after] = [this.events[this.at - 1], this.events[this.at]];
      const gap = before ? after.dataset.at - before.dataset.at : 0;
      this.timer = setTimeout(() => {
        this.at += 1;
        this.show();
        this.next();
      }, before ? Math.max(STEP_MS, Math.min(gap, LONGEST_MS)) : STEP_MS / 2);
      this.name("⏸", "Pause");
    }

    pause() {
      clearTimeout(this.timer);
      this.timer = 0;
      this.figure.classList.remove("playing");
      this.name("▶", "Play");
    }

    name(sign, label) {
      Object.assign(this.playButton, { textContent: sign, title: label });
      this.playButton.setAttribute("aria-label", label);
    }

    show() {
      const all = this.events.length;
      this.events.forEach((event, index) => {
        event.classList.toggle("later", index >= this.at);
        event.classList.toggle("now", index === this.at - 1 && (this.at < all || Boolean(this.timer)));
      });
      this.slider.value = this.at;
      const now = this.events[this.at - 1];
      const words = now ? (now.querySelector(".wire-say").textContent.trim()) : "nothing yet";
      this.slider.setAttribute("aria-valuetext", `${this.at} of ${all}: ${words}`);
      this.count.textContent = `${this.at} / ${all}`;
      if (this.timer && now) now.scrollIntoView({ block: "nearest" });
    }
  }

  window.mountWires = () => {
    for (const figure of document.querySelectorAll(".wire:not([data-mounted])")) {
      figure.dataset.mounted = "";
      new Player(figure);
    }
  };
  window.mountWires();
})();
