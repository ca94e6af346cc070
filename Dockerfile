# One image for API, worker, migration and archiving; docker-compose.yml says which of them a container runs.
# Debian, not Alpine: Temporal's native core needs glibc.
FROM node:24-bookworm-slim AS web
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm install --no-save --include=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN node dev/web-build.ts

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY patches patches
# The base image is the Node to run on, so the one that the project brings along is left out with all scripts.
RUN npm install --no-save --omit=dev --ignore-scripts --no-audit --no-fund && npx patch-package --error-on-fail && npm cache clean --force
COPY . .
COPY --from=web /app/dist/web dist/web
# A volume that is mounted there belongs to the same user.
RUN install --directory --owner=node --group=node /archive
USER node
CMD ["node", "api/server.ts"]
