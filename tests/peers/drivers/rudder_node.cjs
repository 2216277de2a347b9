// Sends calls through @rudderstack/rudder-sdk-node and says what came of each.
const { createRequire } = require("node:module");
const settings = JSON.parse(process.argv[2]);
const RudderAnalytics = createRequire(process.env.PEERS + "/")("@rudderstack/rudder-sdk-node");

const errors = [];
let requests = 0;
const analytics = new RudderAnalytics(settings.key, {
  dataPlaneUrl: settings.host,
  flushAt: settings.batch,
  flushInterval: 200,
  gzip: settings.gzip,
  logLevel: "silly",
  errorHandler: (error) => errors.push(String(error)),
});
analytics.axiosInstance.interceptors.request.use((request) => ((requests += 1), request));
const told = settings.calls.map(
  ({ call, ...message }) =>
    new Promise((resolve) => analytics[call](message, (error) => resolve(error && errors.push(String(error))))),
);
const beat = setInterval(() => analytics.flush().catch(() => {}), 20);
Promise.all(told).then(() => {
  clearInterval(beat);
  console.log(JSON.stringify({ errors, requests }));
  process.exit(0);
});
