// The parts of Chart.js that js/charts.js draws with; what is not named here is left out of vendor/chart.js.
import {
  BarController, BarElement, CategoryScale, Chart, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip,
} from "chart.js";

Chart.register(BarController, BarElement, CategoryScale, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip);

globalThis.Chart = Chart;
