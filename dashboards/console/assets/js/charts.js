// Pictures from data: the server says what ({kind, series …} as JSON in data-chart), this file says how, from the tokens.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, ScatterChart, GridComponent, TooltipComponent, MarkLineComponent, AriaComponent, CanvasRenderer]);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const language = document.documentElement.lang === "vi" ? "vi-VN" : "en-GB";
const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const zone = document.documentElement.dataset.zone;
const moment = new Intl.DateTimeFormat(language, { timeZone: zone, day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(language, { timeZone: zone, day: "2-digit", month: "2-digit" });
const hour = new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit" });
const DAY = 86400000;

const tick = (span) => (value) => (span > 3 * DAY ? day.format(value) : hour.format(value));

const frame = (spec) => {
  const text = { color: token("ink-3"), fontFamily: token("font"), fontSize: 11 };
  const [from, to] = spec.range;
  return {
    animation: false,
    aria: { enabled: false }, // the page gives the text; ECharts' own would be English
    textStyle: { fontFamily: token("font") },
    grid: { left: 8, right: 12, top: 14, bottom: 4, containLabel: true },
    tooltip: {
      trigger: spec.kind === "dots" ? "item" : "axis",
      renderMode: "richText", // no markup from data, and no inline styles under the content security policy
      confine: true,
      backgroundColor: token("sheet"),
      borderColor: token("line-strong"),
      textStyle: { color: token("ink"), fontSize: 12 },
      axisPointer: { type: spec.kind === "bars" ? "shadow" : "line", shadowStyle: { color: token("ink"), opacity: 0.06 }, lineStyle: { color: token("line-strong") } },
      formatter: (items) => describe(spec, [].concat(items)),
    },
    xAxis: {
      type: "time", min: from, max: to,
      axisLine: { lineStyle: { color: token("line") } }, axisTick: { show: false }, splitLine: { show: false },
      axisLabel: { ...text, formatter: tick(to - from), hideOverlap: true },
    },
    yAxis: {
      type: spec.log ? "log" : "value", min: spec.floor ?? undefined, max: spec.ceiling ?? undefined, minInterval: spec.whole ? 1 : undefined, splitNumber: 3, interval: spec.ceiling ? spec.ceiling / 4 : undefined,
      axisLabel: { ...text, formatter: (value) => number.format(value) },
      splitLine: { lineStyle: { color: token("line"), type: [2, 4] } },
    },
  };
};

const describe = (spec, items) => {
  const at = moment.format(items[0].value[0]);
  const lines = items.filter((item) => item.value[1] || items.length === 1)
    .map((item) => `${item.seriesName}: ${item.value[2] ?? number.format(item.value[1])}${spec.unit ? " " + spec.unit : ""}`);
  return [at, ...lines].join("\n");
};

const SERIES = {
  bars: (one) => ({ type: "bar", stack: "all", barCategoryGap: "18%", barMaxWidth: 26, itemStyle: { color: token(one.tone) } }),
  line: (one) => ({ type: "line", showSymbol: false, lineStyle: { width: 1.6, color: token(one.tone), type: one.dashed ? [4, 4] : "solid" }, itemStyle: { color: token(one.tone) }, areaStyle: one.fill ? { color: token(one.tone), opacity: 0.1 } : undefined }),
  steps: (one) => ({ ...SERIES.line(one), step: "end" }),
  dots: (one) => ({ type: "scatter", symbolSize: 7, itemStyle: { color: token(one.tone), opacity: 0.75 } }),
};

const limits = (spec) => (spec.limits ?? []).map(({ at, text, tone }) => ({
  yAxis: at, lineStyle: { color: token(tone), type: [4, 4], width: 1 }, label: { formatter: text, position: "insideStartTop", color: token(tone), fontSize: 11 },
}));

const option = (spec) => ({
  ...frame(spec),
  series: spec.series.map((one, index) => ({
    ...SERIES[spec.kind](one), name: one.name, data: one.data,
    markLine: index === 0 && spec.limits ? { silent: true, symbol: "none", data: limits(spec) } : undefined,
  })),
});

export const draw = (place) => {
  const spec = JSON.parse(place.dataset.chart);
  const chart = echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(option(spec));
  place.dataset.drawn = "";
  new ResizeObserver(() => chart.resize()).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.setOption(option(spec), true));
  if (spec.link) chart.on("click", (item) => pick(spec, item));
};

// A click on a bar goes to the same page for that stretch of time.
const pick = (spec, item) => {
  const address = new URL(spec.link, location.href);
  const from = item.value[0];
  address.searchParams.set("from", new Date(from).toISOString());
  address.searchParams.set("to", new Date(from + spec.step).toISOString());
  location.assign(address);
};
