// Keyboard: an element with data-key="a" is pressed by that key; the current row wins, then the drawer, then the page.
// j and k move through the rows of a list, enter opens, space previews; g and a letter follow the rail's data-go links.
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
const current = () => document.querySelector("[data-row].current");
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

const select = (row) => {
  current()?.classList.remove("current");
  row.classList.add("current");
  row.querySelector("a[data-open]")?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
};

const move = (step) => {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  select(all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))]);
};

const press = (key) => {
  const scopes = [current(), document.querySelector("#drawer.open"), document.querySelector("main"), document];
  for (const scope of scopes) {
    const target = scope?.querySelector(`[data-key="${key}"]:not([disabled])`);
    if (target) {
      if (target.matches("input")) target.focus();
      else target.click();
      return true;
    }
  }
  return false;
};

const follow = (key) => {
  const link = document.querySelector(`[data-go="${key}"]`);
  if (link) link.click();
};

const ACTIONS = {
  j: () => move(1),
  k: () => move(-1),
  "?": () => document.querySelector("#help")?.showModal(),
  "/": () => document.querySelector("#seek")?.focus(),
};

export const startKeys = () => {
  let going = false;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      document.querySelector("#seek")?.focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (going) {
      going = false;
      follow(event.key);
    } else if (event.key === "g") {
      going = true;
      setTimeout(() => (going = false), 1200);
    } else if (ACTIONS[event.key]) {
      event.preventDefault();
      ACTIONS[event.key]();
    } else if (event.key === " " && current()) {
      event.preventDefault();
      current().querySelector("[data-preview]")?.click();
    } else if (/^[a-z]$/.test(event.key) && press(event.key)) {
      event.preventDefault();
    }
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a, button, input, summary, form")) {
      select(row);
      row.querySelector("[data-preview]")?.click();
    }
  });
  document.addEventListener("click", (event) => {
    const help = event.target.closest("[data-help]");
    if (help) document.querySelector("#help")?.showModal();
  });
};
