// The browser side of the console. Pages work without it (links, forms); it adds the keyboard, the drawer, pictures.
import "htmx.org";
import { startKeys } from "./keys.js";
import { startDrawer } from "./drawer.js";
import { startCopy } from "./copy.js";
import { startForms } from "./forms.js";
import { startLive } from "./live.js";

const drawCharts = async (root) => {
  const places = root.querySelectorAll("[data-chart]:not([data-drawn])");
  if (!places.length) return;
  const { draw } = await import("./charts.js"); // large: only pages with pictures load it
  places.forEach(draw);
};

startKeys();
startDrawer();
startCopy();
startForms();
startLive();
drawCharts(document);
document.addEventListener("htmx:after:swap", () => drawCharts(document));
