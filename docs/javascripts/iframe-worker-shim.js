/* Lets Material's search work from file://, where a browser starts no worker: an iframe takes its place.
   After iframe-worker 1.0.4, (c) 2020-2022 Martin Donath, MIT licence. Only the offline build loads it. */

class IFrameWorker extends EventTarget {
  constructor(url) {
    super();
    this.iframe = document.createElement("iframe");
    this.iframe.hidden = true;
    document.body.appendChild(this.iframe);
    const inside = this.iframe.contentDocument;
    inside.open();
    inside.write(`<html><body><script>
      postMessage = (message, origin) => parent.postMessage(message, origin || "*");
      importScripts = (...urls) => urls.reduce((before, url) => before.then(() => new Promise((done) => {
        const script = document.createElement("script");
        script.src = url;
        script.onload = done;
        document.body.appendChild(script);
      })), Promise.resolve());
    </script><script src="${url}"></script></body></html>`);
    inside.close();
    this.ready = new Promise((done) => {
      this.iframe.contentWindow.onload = done;
    });
    addEventListener("message", (event) => {
      if (event.source === this.iframe.contentWindow) {
        this.dispatchEvent(new MessageEvent("message", { data: event.data }));
        this.onmessage?.(event);
      }
    });
  }

  postMessage(data) {
    this.ready.then(() => {
      this.iframe.contentWindow.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) }));
    });
  }

  terminate() {
    this.iframe.remove();
  }
}

if (location.protocol === "file:") {
  window.Worker = IFrameWorker;
}
