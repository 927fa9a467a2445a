import { startTestApp, type TestApp } from "../support/app.ts";
import { type SlackProxy, startSlackProxy } from "../support/slack-proxy.ts";

type Behind = AsyncDisposable & { app: TestApp; proxy: SlackProxy };

/** The app over HTTP, with a Slack between it and the simulator that can be told to misbehave. */
export async function startBehindProxy(): Promise<Behind> {
  const started = Promise.withResolvers<SlackProxy>();
  await using stack = new AsyncDisposableStack();
  const app = stack.use(
    await startTestApp({
      mode: "http",
      async env({ apiUrl }) {
        started.resolve(startSlackProxy(apiUrl));
        return { SLACK_API_URL: (await started.promise).apiUrl };
      },
    }),
  );
  const proxy = stack.use(await started.promise);
  const parts = stack.move();
  return { app, proxy, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
