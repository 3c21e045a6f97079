/* Fetches the wire player on the pages that hold one, once it is about to be seen. */

(() => {
  const player = new URL("wire.js", document.currentScript.src).href;
  let asked = false;

  function load() {
    if (window.mountWires) return window.mountWires();
    if (!asked) document.head.append(Object.assign(document.createElement("script"), { src: player }));
    asked = true;
  }

  const watcher = new IntersectionObserver(
    (entries) => entries.some((entry) => entry.isIntersecting) && load(),
    { rootMargin: "400px" },
  );

  document$.subscribe(() => {
    watcher.disconnect();
    for (const wires of document.querySelectorAll(".wires")) watcher.observe(wires);
  });
})();
