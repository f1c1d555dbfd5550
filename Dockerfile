# One image for the API and the workers; the command decides which. Debian, since Temporal's native library needs glibc.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/package.json
RUN npm ci --omit=dev

FROM node:24-bookworm-slim
# Workers wait for the disk on threads of this pool: Node's own four are too few.
ENV NODE_ENV=production HOLDFAST_HOME=/data UV_THREADPOOL_SIZE=16
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json tsconfig.json ./
COPY shared shared
COPY engine engine
COPY strategies strategies
COPY module-host module-host
COPY artifacts artifacts
COPY market-data market-data
COPY results results
COPY orchestration orchestration
COPY webhooks webhooks
COPY activities activities
COPY workflows workflows
COPY worker worker
COPY api api
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
# tini is not needed: both entry points handle SIGTERM themselves, and the processes that modules run in end with the worker.
CMD ["node", "api/main.ts"]
