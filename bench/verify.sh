#!/usr/bin/env bash
# Measures how long it takes to compare the content of two equal databases: plain SQL digests against `switchback verify`,
# interleaved in rounds, on data generated here, with servers started here on 127.0.0.1.
#
#   bench/verify.sh [ROWS] [ROUNDS]        default 1000000 rows in the largest table, 3 rounds
#
# Methods, all reading both servers at the same time:
#   one-seed   sum of one record hash                      misses rows that trade values, see RowQueries
#   two-seeds  sums of two record hashes, 1024 buckets     the digest of reference; misses the same
#   text       sums of two hashes over row::text, buckets
#   verify     switchback verify --tables '*' --jobs 1     content only, one session a side, as the SQL
#   verify-2   the same with --jobs 2; the plain digest's counterpart is two-seeds-2, with two parallel workers
#   deep       switchback verify --tables '*' --deep       the first round only
# The program's start is in its time; the line "start" measures it on a database without rows.
#
# Environment: SOURCE_BIN, TARGET_BIN (folders with initdb, pg_ctl, postgres; default: the servers that ./mvnw package
# downloads, 15 and 17), CLIENT_BIN (psql, pg_dump), JAVA, WORK. Needs Linux, bash, awk, unzip. As root, servers run as postgres.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); root=$(dirname "$here")
rows=${1:-1000000}; rounds=${2:-3}; work=${WORK:-/tmp/switchback-bench-verify}; out=$here/RESULTS-verify.md
JAVA=${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}; jar=$root/app/target/switchback.jar
[ -f "$jar" ] || { echo "no $jar: run ./mvnw -DskipTests package" >&2; exit 3; }
PATH=${CLIENT_BIN:+$CLIENT_BIN:}$PATH
export LC_ALL=C.UTF-8 PGHOST=127.0.0.1 PGUSER=postgres PGDATABASE=bench; unset PGPASSWORD PGSERVICE PGPORT PGOPTIONS
mkdir -p "$work"; chmod 755 "$work"
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --clear-groups "$@"; else "$@"; fi; }
server() { # MAJOR PORT BIN
  local bin=$3 data=$work/data$1
  if [ -z "$bin" ]; then
    bin=$work/pg$1/bin
    if [ ! -x "$bin/postgres" ]; then
      mkdir -p "$work/pg$1"
      unzip -p "$root"/lab/target/pg/embedded-postgres-binaries-*-"$1".*.jar '*.txz' | tar xJ -C "$work/pg$1"
      chmod -R a+rX "$work/pg$1"
    fi
  fi
  rm -rf "$data"; mkdir "$data"; [ "$(id -u)" != 0 ] || chown postgres "$data"
  as "$bin/initdb" -D "$data" -U postgres -E UTF8 --locale=C.UTF-8 -A trust -N >/dev/null
  printf '%s\n' "port=$2" "unix_socket_directories=''" fsync=off shared_buffers=256MB max_wal_size=4GB autovacuum=off >> "$data/postgresql.conf"
  as "$bin/pg_ctl" -D "$data" -w -l "$data/log" start >/dev/null
  stops+=("$bin/pg_ctl" "$data")
}
stops=()
finish() { for ((i = 0; i < ${#stops[@]}; i += 2)); do as "${stops[i]}" -D "${stops[i+1]}" -m immediate stop >/dev/null 2>&1 || true; rm -rf "${stops[i+1]}"; done; }
trap finish EXIT
sport=55935 tport=55937
server 15 $sport "${SOURCE_BIN:-}"; server 17 $tport "${TARGET_BIN:-}"
for p in $sport $tport; do psql -qX -p $p -d postgres -c "CREATE DATABASE bench" -c "CREATE DATABASE empty"; done
psql -qX -v ON_ERROR_STOP=1 -p $sport <<SQL
CREATE TABLE people (id bigint PRIMARY KEY, name text, mail varchar(80), born date, seen timestamptz, ok boolean, points int);
INSERT INTO people SELECT i, 'person ' || md5(i::text), 'p' || i || '@example.org', date '1950-01-01' + (i % 20000)::int,
  timestamptz '2024-01-01' + i * interval '1 minute', i % 3 = 0, i % 1000 FROM generate_series(1, $rows) i;
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint, body text, key uuid, raw bytea, at timestamp);
INSERT INTO posts SELECT i, i % 1000, repeat(md5(i::text), 1 + (i % 12)::int), md5(i::text)::uuid, decode(md5(i::text), 'hex'),
  timestamp '2024-01-01' + i * interval '1 second' FROM generate_series(1, $rows / 2) i;
CREATE TABLE follows (a bigint, b bigint, at timestamptz);
INSERT INTO follows SELECT i % 5000, i, timestamptz '2024-01-01' FROM generate_series(1, $rows / 2) i;
VACUUM ANALYZE;
SQL
pg_dump -p $sport | psql -qX -p $tport >/dev/null; psql -qX -p $tport -c "VACUUM ANALYZE"
size=$(psql -AtX -p $sport -c "SELECT round(sum(pg_table_size(c.oid)) / 1048576.0) FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
sql() { # METHOD
  local t; for t in people posts follows; do
    local key="hash_record_extended(ROW(id), 2)"; [ $t != follows ] || key=h0
    case $1 in
      one-seed) echo "SELECT count(*), sum(hash_record_extended(x, 0)) FROM ONLY $t x;" ;;
      two-seeds*) echo "SELECT $key & 1023, count(*), sum(h0), sum(h1) FROM (SELECT *, hash_record_extended(x, 0) h0, hash_record_extended(x, 1) h1 FROM ONLY $t x) q GROUP BY 1;" ;;
      text) echo "SELECT ${key/h0/hashtextextended(v,2)} & 1023, count(*), sum(hashtextextended(v, 0)), sum(hashtextextended(v, 1)) FROM (SELECT *, x::text COLLATE \"C\" v FROM ONLY $t x OFFSET 0) q GROUP BY 1;" ;;
    esac
  done
}
run() { # METHOD
  local w=0; case $1 in *-2) w=2 ;; esac
  case $1 in
    start|verify*|deep)
      local db=bench args=(--tables '*'); case $1 in start) db=empty; args=(--jobs 1) ;; verify) args+=(--jobs 1) ;; verify-2) args+=(--jobs 2) ;; deep) args+=(--jobs 1 --deep) ;; esac
      "$JAVA" -jar "$jar" verify --from "port=$sport dbname=$db sslmode=disable" --to "port=$tport dbname=$db sslmode=disable" "${args[@]}" >/dev/null 2>"$work/err" || { cat "$work/err" >&2; exit 1; } ;;
    *)
      sql "$1" > "$work/q.sql"
      local p; for p in $sport $tport; do
        PGOPTIONS="-c jit=off -c max_parallel_workers_per_gather=$w" psql -qAtX -v ON_ERROR_STOP=1 -p $p -f "$work/q.sql" >/dev/null &
      done; wait ;;
  esac
}
: > "$work/times"
for ((r = 1; r <= rounds; r++)); do
  for m in start one-seed two-seeds text verify two-seeds-2 verify-2 deep; do
    [ $m != deep ] || [ $r = 1 ] || continue
    t0=$(date +%s.%N); run $m; t1=$(date +%s.%N)
    awk -v m=$m -v a="$t0" -v b="$t1" 'BEGIN { printf "%s %.2f\n", m, b - a }' | tee -a "$work/times" >&2
  done
done
{
  echo "# Comparing the content of two equal databases"
  echo
  echo "Written by \`bench/verify.sh $rows $rounds\` on $(date -u +%F), $(nproc) cores, load average before the last round's end $(cut -d' ' -f1 /proc/loadavg) (the script itself makes about 2);"
  echo "PostgreSQL 15 and 17, $size MB of table data a side, medians of $rounds interleaved rounds (deep: one). Seconds hold the program's start."
  echo
  echo "| method | seconds | of two-seeds | of two-seeds-2 |"; echo "|---|---|---|---|"
  sort -k1,1 -k2,2n "$work/times" | awk '{ n[$1]++; v[$1, n[$1]] = $2 } END { split("start one-seed two-seeds text verify two-seeds-2 verify-2 deep", o, " ")
    for (i = 1; i in o; i++) med[o[i]] = v[o[i], int((n[o[i]] + 1) / 2)]
    for (i = 1; i in o; i++) printf "| %s | %.2f | %.2f | %.2f |\n", o[i], med[o[i]], med[o[i]] / med["two-seeds"], med[o[i]] / med["two-seeds-2"] }'
  echo
  echo "\`one-seed\` and \`two-seeds\` add up record hashes as they are and do not see two rows that trade the values of a column; \`verify\` does."
} > "$out"
cat "$out"
