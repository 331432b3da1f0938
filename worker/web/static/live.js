// New statements appear as they are published. Without this script the page shows what there was when it was asked for.
"use strict";

(() => {
  const list = document.getElementById("statements");
  const source = list.dataset.live;
  if (!source) return;

  const MOST = 200;
  const state = document.getElementById("live-state");
  const pause = document.getElementById("live-pause");
  const held = [];
  let isPaused = false;
  let shown = 0;

  const say = () => {
    if (isPaused) state.textContent = held.length ? `Paused, ${held.length} new` : "Paused";
    else state.textContent = shown ? `Live, ${shown} new` : "Live";
  };

  const show = (card) => {
    // The server escaped everything in it; the content security policy lets nothing in it run.
    list.insertAdjacentHTML("afterbegin", card);
    list.firstElementChild.classList.add("new");
    document.getElementById("empty")?.remove();
    while (list.childElementCount > MOST) list.lastElementChild.remove();
    shown += 1;
  };

  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? "Go on" : "Pause";
    pause.setAttribute("aria-pressed", String(isPaused));
    if (!isPaused) held.splice(0).forEach(show);
    say();
  });

  const events = new EventSource(source);
  events.addEventListener("open", say);
  events.addEventListener("error", () => {
    state.textContent = events.readyState === EventSource.CLOSED ? "Not live: reload the page" : "Connecting again";
  });
  events.addEventListener("statement", ({ data }) => {
    if (!isPaused) show(data);
    else if (held.push(data) > MOST) held.shift();
    say();
  });
  document.getElementById("live").hidden = false;
})();
