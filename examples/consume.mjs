import { createClient } from "redis"; // npm install redis

const [stream, group, consumer] = ["onrecord:statements", "desk", `node-${process.pid}`];

function handle(event) {
  if (event.type !== "io.onrecord.statement.created.v1") return;
  console.log(event.data.speaker.name, "|", event.data.text);
}

let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => (stopping = true));

const redis = createClient({ url: process.env.REDIS_URL ?? "redis://localhost:6379/0" });
redis.on("error", (error) => console.error(error.message)); // it connects again by itself
await redis.connect();
await redis.xGroupCreate(stream, group, "0", { MKSTREAM: true }).catch((error) => {
  if (!error.message.startsWith("BUSYGROUP")) throw error;
});

while (!stopping) {
  const left = await redis.xAutoClaim(stream, group, consumer, 60_000, "0", { COUNT: 100 }); // by consumers that died
  const read = await redis.xReadGroup(group, consumer, { key: stream, id: ">" }, { COUNT: 100, BLOCK: 1000 });
  for (const entry of [...left.messages, ...(read?.[0].messages ?? [])]) {
    if (stopping) break; // what is not acknowledged comes again
    handle(JSON.parse(entry.message.event));
    await redis.xAck(stream, group, entry.id);
  }
}
await redis.close();
