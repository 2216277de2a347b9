// Sends calls through @segment/analytics-node and says what came of each.
const { createRequire } = require("node:module");
const settings = JSON.parse(process.argv[2]);
if (settings.clock_off_s) {
  const right = Date.now;
  Date.now = () => right() + settings.clock_off_s * 1000;
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...given) {
      given.length ? super(...given) : super(Right.now());
    }
  };
}
const { Analytics } = createRequire(process.env.PEERS + "/")("@segment/analytics-node");

const analytics = new Analytics({
  writeKey: settings.key,
  host: settings.host,
  flushAt: settings.batch,
  flushInterval: 200,
  maxRetries: settings.retries ?? 10,
});
const errors = [];
let requests = 0;
analytics.on("error", (error) => errors.push(String(error.reason ?? error.code)));
analytics.on("http_request", () => (requests += 1));
for (const { call, ...message } of settings.calls) analytics[call](message);
analytics.closeAndFlush({ timeout: 30_000 }).then(() => console.log(JSON.stringify({ errors, requests })));
