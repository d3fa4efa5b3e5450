// The drawer previews any entity at the right without leaving the page; escape closes it and gives the focus back.
let opener = null;

const drawer = () => document.querySelector("#drawer");

const close = () => {
  const box = drawer();
  if (!box?.classList.contains("open")) return false;
  box.classList.remove("open");
  opener?.focus?.({ preventScroll: true });
  return true;
};

export const startDrawer = () => {
  document.addEventListener("htmx:after:swap", () => {
    const box = drawer();
    if (!box || !box.querySelector("[data-drawn-for]") || box.classList.contains("open")) return;
    opener = document.activeElement;
    box.classList.add("open");
    box.querySelector("[data-close]")?.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && close()) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) close();
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
};
