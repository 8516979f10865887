#!/usr/bin/env bash
# Measures how long it takes to copy one PostgreSQL database into another server, tool by tool, interleaved in rounds, on data
# generated here, with servers started here on 127.0.0.1. Appends nothing: writes one section of bench/RESULTS.md anew.
#
#   bench/copy.sh [--mode shop|one-big-table|tiny-tables] [--scale S] [--rounds N] [--jobs N] [--only a,b,...] [--work DIR] [--out FILE]
#
#   --mode     shop (default): some thirty tables, 40 indexes, 15 foreign keys, of many types; one-big-table: one table holds 95 %;
#              tiny-tables: 20,000 tables of ten rows (set another number with TABLES=)
#   --scale    1 (default) is about 1 GB on disk in mode shop and 1 GB in one-big-table
#   --rounds   3; every round runs every tool once, in an order that rotates
#   --jobs     2; what every parallel tool gets
#   --only     some of: guide dumprestore pgcopydb limit sb-limit sb
#   --work     scratch folder, default /tmp/switchback-bench; needs about six times the database's size
#   --out      default bench/RESULTS.md beside this script
#
# Tools:
#   guide        pg_dump | psql                                     what the migration guide does
#   dumprestore  pg_dump -Fd -jN, then pg_restore -jN
#   pgcopydb     pgcopydb clone, N table and index jobs, binary where it can, no vacuum (its fastest); skipped when not installed
#   limit        bare pipes: COPY binary with FREEZE, N at once, big tables unsplit; then indexes N at once; then foreign keys N at once.
#                Definitions of tables are there before the clock starts. Not a tool: nothing is checked, nothing can be resumed
#   sb-limit     switchback copy, the same work as limit (and the definitions): --skip-statistics --skip-large-objects
#                --skip-sequences --skip-materialized-views
#   sb           switchback copy, everything
#
# Environment: SOURCE_BIN, TARGET_BIN  folders with initdb, pg_ctl and postgres; default: PostgreSQL 15 and 17 that the build of this
#              repository downloads for its tests (./mvnw -DskipTests package)
#              CLIENT_BIN  folder with pg_dump, pg_restore and psql, not older than the source, not newer than the target
#              PGCOPYDB    the program, default pgcopydb;  JAVA  a Java 25, default java of JAVA_HOME or PATH
# Needs Linux, bash, awk, unzip. As root the servers run as user postgres.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); root=$(dirname "$here")
mode=shop scale=1 rounds=3 jobs=2 only="guide dumprestore pgcopydb limit sb-limit sb" work=/tmp/switchback-bench out=$here/RESULTS.md
usage() { sed -n '2,/^set /p' "$0" | sed '$d;s/^# \{0,1\}//'; exit "$1"; }
while [ $# -gt 0 ]; do
  case $1 in
    -h|--help) usage 0 ;;
    --mode) mode=$2 ;; --scale) scale=$2 ;; --rounds) rounds=$2 ;; --jobs) jobs=$2 ;; --only) only=${2//,/ } ;; --work) work=$2 ;; --out) out=$2 ;;
    *) echo "unknown: $1" >&2; usage 2 >&2 ;;
  esac
  shift 2
done
case $mode in shop|one-big-table|tiny-tables) ;; *) echo "unknown mode: $mode" >&2; exit 2 ;; esac
say() { echo "bench: $*" >&2; }
export LC_ALL=C.UTF-8 PGHOST=127.0.0.1 PGUSER=postgres PGOPTIONS= ; unset PGPASSWORD PGSERVICE PGDATABASE PGPORT
CLIENT_BIN=${CLIENT_BIN:-$(dirname "$(ls -d /usr/lib/postgresql/*/bin/pg_dump 2>/dev/null | sort -V | tail -1 || command -v pg_dump)")}
PATH=$CLIENT_BIN:$PATH; export SWITCHBACK_PG_BIN=$CLIENT_BIN
PGCOPYDB=${PGCOPYDB:-pgcopydb}; JAVA=${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}; jar=$root/app/target/switchback.jar
sport=${SOURCE_PORT:-55915} tport=${TARGET_PORT:-55917} db=bench
mkdir -p "$work"; chmod 755 "$work"

# ---- servers ----------------------------------------------------------------------------------------------------------
unpacked() { # unpacked MAJOR: the server that the tests use
  local dir=$work/pg$1 archive
  if [ ! -x "$dir/bin/postgres" ]; then
    archive=$(ls "$root"/lab/target/pg/embedded-postgres-binaries-*-"$1".*.jar 2>/dev/null | head -1)
    [ -n "$archive" ] || { say "no PostgreSQL $1: run ./mvnw -DskipTests package, or set SOURCE_BIN and TARGET_BIN"; exit 3; }
    mkdir -p "$dir"; unzip -p "$archive" '*.txz' | tar xJ -C "$dir"; chmod -R a+rX "$dir"
  fi
  echo "$dir/bin"
}
SOURCE_BIN=${SOURCE_BIN:-$(unpacked 15)}; TARGET_BIN=${TARGET_BIN:-$(unpacked 17)}
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi; }
server() { # server NAME BIN PORT: made once, started
  local data=$work/data/$1
  if [ ! -d "$data" ]; then
    mkdir -p "$work/data"; [ "$(id -u)" != 0 ] || chown postgres "$work/data"
    as "$2/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    as tee -a "$data/postgresql.conf" >/dev/null <<C
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = $3
shared_buffers = ${SHARED_BUFFERS:-1GB}
max_wal_size = 4GB
checkpoint_timeout = 15min
max_locks_per_transaction = 1024
C
  fi
  (cd /; as "$2/pg_ctl" -s -w -D "$data" -l "$data/log" start)
}
stop() { (cd /; as "$SOURCE_BIN/pg_ctl" -s -m fast -D "$work/data/source" stop || true; as "$TARGET_BIN/pg_ctl" -s -m fast -D "$work/data/target" stop || true) 2>/dev/null; }
trap stop EXIT
server source "$SOURCE_BIN" "$sport"; server target "$TARGET_BIN" "$tport"
s() { psql -X -q -v ON_ERROR_STOP=1 -p "$sport" -d "${D:-$db}" "$@"; }
t() { psql -X -q -v ON_ERROR_STOP=1 -p "$tport" -d "${D:-$db}" "$@"; }
cpu() { # seconds of processor time that a server has used: the postmaster with all reaped children, and the living ones
  local pm pids; pm=$(head -1 "$work/data/$1/postmaster.pid"); pids="$pm $(cat "/proc/$pm/task/$pm/children")"
  for p in $pids; do sed 's/.*) //' "/proc/$p/stat" 2>/dev/null || true; done |
    awk -v hz="$(getconf CLK_TCK)" 'NR==1{t=$14+$15}{t+=$12+$13}END{printf "%.2f", t/hz}'
}

# ---- data, made once for a mode and scale -----------------------------------------------------------------------------
label="$mode $scale ${TABLES:-20000}"
if [ "$(D=postgres s -At -c "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$db'")" != "$label" ]; then
  say "making $label"
  D=postgres s -c "DROP DATABASE IF EXISTS $db" -c "CREATE DATABASE $db TEMPLATE template0"
  s -v scale="$scale" -v tables="${TABLES:-20000}" -f "$here/$mode.sql" >/dev/null
  s -c "VACUUM (ANALYZE)" -c "CHECKPOINT"
  D=postgres s -c "COMMENT ON DATABASE $db IS '$label'"
fi
facts() { "$1" -At -F' ' -c "SELECT (SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public','other') AND i.indisvalid),
  (SELECT count(*) FROM pg_constraint WHERE contype IN ('p','u','x','f') AND convalidated AND connamespace IN ('public'::regnamespace, coalesce(to_regnamespace('other'), 0::oid::regnamespace)))"
  "$1" -At -c "SELECT format('SELECT count(*) FROM ONLY %s', c.oid::regclass) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname IN ('public','other') ORDER BY pg_relation_size(c.oid) DESC, n.nspname COLLATE \"C\", c.relname COLLATE \"C\" LIMIT 60" | sort | sed 's/$/;/' | "$1" -At -f - | paste -sd' '; }

# ---- the limit: one line is one job -----------------------------------------------------------------------------------
ours="n.nspname IN ('public','other')"
s -AtF$'\t' -c "SELECT format('%I.%I', n.nspname, c.relname), (SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND $ours ORDER BY pg_table_size(c.oid) DESC" > "$work/tables"
s -At -c "SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE $ours AND c.relkind IN ('r','p') AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid) AND NOT (c.relkind = 'p' AND i.indisprimary)
  ORDER BY pg_relation_size(i.indrelid) DESC, pg_relation_size(i.indexrelid) DESC" > "$work/indexes"
s -At -c "SELECT CASE WHEN c.relkind = 'p' THEN format('ALTER TABLE %s ADD %s;', c.oid::regclass, pg_get_constraintdef(k.oid)) ELSE format('ALTER TABLE %I.%I ADD CONSTRAINT %I PRIMARY KEY USING INDEX %I;', n.nspname, c.relname, k.conname, k.conname) END
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE k.contype = 'p' AND k.conparentid = 0 AND $ours" > "$work/keys"
s -At -c "SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE k.contype = 'f' AND k.conparentid = 0 AND $ours ORDER BY pg_relation_size(k.conrelid) DESC" > "$work/foreign"
cat > "$work/copyjob" <<J
#!/bin/bash
set -o pipefail; IFS=\$'\t' read -r table columns <<< "\$1"
psql -X -q -p $sport -d $db -c "COPY (SELECT \$columns FROM ONLY \$table) TO STDOUT (FORMAT binary)" |
  psql -X -q -v ON_ERROR_STOP=1 -p $tport -d $db -c BEGIN -c "TRUNCATE \$table" -c "COPY \$table (\$columns) FROM STDIN (FORMAT binary, FREEZE)" -c COMMIT
J
cat > "$work/ddljob" <<J
#!/bin/bash
PGOPTIONS='-c maintenance_work_mem=512MB -c max_parallel_maintenance_workers=0' exec psql -X -q -v ON_ERROR_STOP=1 -p $tport -d $db -c "\$1"
J
chmod 755 "$work/copyjob" "$work/ddljob"
each() { xargs -r -d '\n' -P "$jobs" -n 1 "$1"; }

# ---- one run ----------------------------------------------------------------------------------------------------------
from="host=127.0.0.1 port=$sport user=postgres dbname=$db"; to="host=127.0.0.1 port=$tport user=postgres dbname=$db"
switchback() { "$JAVA" -Xmx512m -jar "$jar" copy --from "$from sslmode=disable" --to "$to sslmode=disable" --jobs "$jobs" -o json "$@" > "$work/report.json"; }
run() {
  case $1 in
    guide) pg_dump -d "$from" | psql -X -q -v ON_ERROR_STOP=1 -d "$to" >/dev/null ;;
    dumprestore) pg_dump -Fd -j "$jobs" -d "$from" -f "$work/dump"; pg_restore -j "$jobs" -d "$to" "$work/dump" ;;
    pgcopydb) "$PGCOPYDB" clone --source "$from" --target "$to" --dir "$work/pgcopydb" --table-jobs "$jobs" --index-jobs "$jobs" --split-tables-larger-than 512MB \
                --skip-vacuum $binary --skip-large-objects --fail-fast ;;
    limit) each "$work/copyjob" < "$work/tables"; each "$work/ddljob" < "$work/indexes"; t -f "$work/keys"; each "$work/ddljob" < "$work/foreign" ;;
    sb-limit) switchback --skip-statistics --skip-large-objects --skip-sequences --skip-materialized-views ;;
    sb) switchback ;;
  esac
}
binary=$("$PGCOPYDB" clone --help 2>&1 | grep -o -m1 -- '--use-copy-binary' || true)
expected=$(facts s); s -c "SELECT count(*) FROM pg_class" >/dev/null
csv=$work/results-$mode.csv; echo "round,tool,wall,client,source,target,check" > "$csv"
skipped=""
for round in $(seq 1 "$rounds"); do
  order=$(echo $only | tr ' ' '\n' | awk -v r="$round" '{a[NR]=$0}END{for(i=0;i<NR;i++)printf "%s ", a[(i+r-1)%NR+1]}')
  for tool in $order; do
    if [ "$tool" = pgcopydb ] && ! "$PGCOPYDB" --version >/dev/null 2>&1; then skipped="pgcopydb is not installed and was skipped."; continue; fi
    rm -rf "$work/dump" "$work/pgcopydb"
    D=postgres t -c "DROP DATABASE IF EXISTS $db WITH (FORCE)" -c "CREATE DATABASE $db TEMPLATE template0"
    if [ "$tool" = limit ]; then pg_dump -d "$from" --section=pre-data | t -f - >/dev/null; fi
    t -c CHECKPOINT; s -c CHECKPOINT; sync; sleep 1
    s0=$(cpu source) t0=$(cpu target); TIMEFORMAT='%R %U %S'; status=0
    { time run "$tool" > "$work/log.$tool" 2>&1 || status=$?; } 2> "$work/time" || status=$?
    sleep 0.5; s1=$(cpu source) t1=$(cpu target)
    read -r wall user system < <(tail -1 "$work/time"); check=ok
    if [ $status != 0 ]; then check="failed: $(tail -1 "$work/log.$tool" | tr ',' ';' | cut -c1-120)"; elif [ "$(facts t)" != "$expected" ]; then check="differs"; fi
    awk -v OFS=, -v r="$round" -v x="$tool" -v w="$wall" -v u="$user" -v y="$system" -v a="$s0" -v b="$s1" -v c="$t0" -v d="$t1" -v k="$check" \
      'BEGIN{printf "%s,%s,%.2f,%.2f,%.2f,%.2f,%s\n", r, x, w, u+y, b-a, d-c, k}' | tee -a "$csv" >&2
  done
done

# ---- the table --------------------------------------------------------------------------------------------------------
median() { sort -n | awk '{a[NR]=$1}END{if(NR)printf "%.2f", NR%2?a[(NR+1)/2]:(a[NR/2]+a[NR/2+1])/2; else printf "-"}'; }
column() { awk -F, -v x="$1" -v c="$2" '$2==x && $7=="ok"{print $c}' "$csv" | median; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN{if(a=="-"||b=="-"||b==0)printf "-"; else printf "%.2f", a/b}'; }
section="## $mode, scale $scale, $jobs jobs, $rounds rounds"
[ "$mode" != tiny-tables ] || section="## tiny-tables, ${TABLES:-20000} tables, $jobs jobs, $rounds rounds"
{
  echo "$section"; echo
  echo "$(date -u +%F), $(nproc) cores, PostgreSQL $("$SOURCE_BIN/postgres" --version | grep -o '[0-9.]*' | head -1) to $("$TARGET_BIN/postgres" --version | grep -o '[0-9.]*' | head -1), client tools $(pg_dump --version | grep -o '[0-9.]*' | head -1)${skipped:+. $skipped}"
  echo "Database $(s -At -c "SELECT pg_size_pretty(pg_database_size('$db'))"), load of the machine at the end $(cut -d' ' -f1 /proc/loadavg). Medians of the runs whose rows, indexes and constraints were right."; echo
  echo "| tool | right runs | wall s | client CPU s | source CPU s | target CPU s | wall / limit | wall / pgcopydb | wall / dumprestore | wall / guide |"
  echo "|---|---|---|---|---|---|---|---|---|---|"
  for tool in $only; do
    w=$(column "$tool" 3); n=$(awk -F, -v x="$tool" '$2==x && $7=="ok"' "$csv" | wc -l)
    echo "| $tool | $n | $w | $(column "$tool" 4) | $(column "$tool" 5) | $(column "$tool" 6) | $(ratio "$w" "$(column limit 3)") | $(ratio "$w" "$(column pgcopydb 3)") | $(ratio "$w" "$(column dumprestore 3)") | $(ratio "$w" "$(column guide 3)") |"
  done
  grep -v ',ok$' "$csv" | awk -F, 'NR>1{print "\n" $2 " in round " $1 ": " $7}'
  echo
} > "$work/section"
head="# Copying a database: measured

Written by \`bench/copy.sh\`; \`--help\` says what each tool is. What they do:

| tool | definitions | rows | indexes, keys | foreign keys | sequences | large objects | materialized views | statistics | resumable |
|---|---|---|---|---|---|---|---|---|---|
| guide | yes | text, one stream | yes | yes | yes | yes | yes | no | no |
| dumprestore | yes | text, compressed on disk | yes | yes | yes | yes | yes | no | no |
| pgcopydb | yes | binary | yes | yes | yes | no (switched off: 0.17 fails on them with 17 tools) | yes | no (switched off) | partly |
| limit | before the clock | binary, frozen | yes | yes | no | no | no | no | no |
| sb-limit | yes | binary, frozen | yes | yes | no | no | no | no | yes |
| sb | yes | binary, frozen | yes | yes | yes | yes | yes | yes | yes |
"
[ -s "$out" ] || echo "$head" > "$out"
awk -v s="$section" '$0==s{skip=1;next} /^## /{skip=0} !skip' "$out" > "$work/new"; cat "$work/section" >> "$work/new"; cat "$work/new" > "$out"
cat "$work/section"
