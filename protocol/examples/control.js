// Balances a pole with a policy that `pgagent serve` answers for. The simulation is here, and this program owns the loop.
//
//     node control.js pgagent serve policy.json
const server = require("child_process").spawn(process.argv[2], process.argv.slice(3), {stdio: ["pipe", "pipe", "inherit"]});
const replies = lines(server.stdout);
let requests = 0;

// Not the readline module: it also splits at U+2028, which a JSON string may hold.
async function* lines(stream) {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const whole = (rest + chunk).split("\n");
    rest = whole.pop();
    yield* whole;
  }
}

// Sends one request and waits for its reply.
async function ask(op, members = {}) {
  server.stdin.write(JSON.stringify({id: requests++, op, ...members}) + "\n");
  const reply = JSON.parse((await replies.next()).value);
  if (reply.error) throw new Error(reply.error.message);
  return reply;
}

async function main() {
  await ask("hello", {versions: [1]});
  let [x, v, angle, spin] = [0.02, -0.03, 0.04, 0.01]; // of the cart and of the pole
  let steps = 0;
  for (; steps < 500 && Math.abs(x) <= 2.4 && Math.abs(angle) <= Math.PI / 15; steps++) {
    const {action} = await ask("act", {deterministic: true, obs: [x, v, angle, spin]});
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    const push = ((action === 1 ? 10 : -10) + 0.05 * spin ** 2 * sin) / 1.1;
    const turn = (9.8 * sin - cos * push) / (0.5 * (4 / 3 - 0.1 * cos ** 2 / 1.1));
    const move = push - 0.05 * turn * cos / 1.1;
    [x, v, angle, spin] = [x + 0.02 * v, v + 0.02 * move, angle + 0.02 * spin, spin + 0.02 * turn];
  }
  await ask("close");
  console.log(`held for ${steps} steps`);
}

main();
