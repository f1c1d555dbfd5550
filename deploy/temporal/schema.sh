#!/bin/sh
# Makes Temporal's two databases, or brings them to this version; harmless when they are there. Runs in temporalio/admin-tools, whose
# tool reads SQL_PASSWORD from the environment.
set -eu

prepare() {
  tool="temporal-sql-tool --plugin postgres12 --ep $POSTGRES_SEEDS --port ${DB_PORT:-5432} --user $POSTGRES_USER --db $1"
  $tool create
  $tool setup-schema -v 0.0
  $tool update-schema -d "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

prepare "${DBNAME:-temporal}" temporal
prepare "${VISIBILITY_DBNAME:-temporal_visibility}" visibility
