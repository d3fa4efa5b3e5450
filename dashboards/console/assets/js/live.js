// Server-sent events say how many alerts are new; a pill offers them and never moves what is being read.
export const startLive = () => {
  const pill = document.querySelector("[data-live]");
  if (!pill) return;
  const source = new EventSource(pill.dataset.live);
  source.addEventListener("alerts", (message) => {
    const news = JSON.parse(message.data);
    if (!news.count) return;
    pill.querySelector("[data-live-text]").textContent = news.text;
    pill.hidden = false;
  });
  window.addEventListener("pagehide", () => source.close());
};
