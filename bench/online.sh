#!/usr/bin/env bash
# Measures strategy online: how long users cannot write, at three sizes, and how long the target takes to catch up, against PostgreSQL's
# own initial copy. Writes bench/RESULTS-online.md anew.
#
#   bench/online.sh [--base S] [--runs N] [--only pause,seed] [--seed-scale S] [--seed-rounds N] [--jobs N] [--clients N] [--work DIR] [--out FILE]
#
#   --base         0.05; scale of the lab's Mastodon database called 1x (1.0 is 200 to 300 MB); 4x and 16x are four and sixteen times it
#   --runs         5; every run goes through 1x, 4x and 16x once, in an order that rotates
#   --only         pause, seed or both (default)
#   --seed-scale   0.25; scale of bench/shop.sql for part seed; 1 is about 1 GB
#   --seed-rounds  3; every round runs both, the one that goes first alternates
#   --jobs         2; tables at a time: ours, and PostgreSQL's max_sync_workers_per_subscription
#   --clients      4; sessions of part seed that write
#   --work         scratch folder, default /tmp/switchback-bench-online; part seed needs about six times its database's size there
#   --out          default bench/RESULTS-online.md beside this script
#
# Part pause: ./switchback demo --strategy online --writers external -o json. Real servers, a simulated cluster, and clients that nobody
# stops: they write through the endpoint, and connect again within 100 ms when they are refused. A run counts when the program says
# "migrated", exit code 0, and the ledger has no lost, doubled or phantom write. Of each run:
#   write pause     the longest time between two acknowledged commits of all clients together, by the clients' own ledger
#   fence to open   by the program's journal, from the beginning of fence-source to the end of open-target
#   caught up       by the journal, from the first step of phase prepare to the end of catch-up
#   each step of the cutover, by the journal; "between" is what the program does between two steps (journal, guards)
# Targets: median write pause at every size <= 3 s; median at 16x / median at 1x <= 1.3.
#
# Part seed: the same rows (bench/shop.sql), the same load, the same two servers, without TLS, with fsync; both ways in turn:
#   native   the clock starts; pg_dump --schema-only | psql (every index and key exists before the rows come, as people do it);
#            CREATE SUBSCRIPTION ... WITH (copy_data = true); until every table is ready and a row inserted then is seen on the target
#   ours     the clock starts; CREATE_REPLICATION_SLOT ... EXPORT_SNAPSHOT, then 'switchback copy': the code that step seed-tables
#            runs, with definitions, indexes, keys and ANALYZE, as a process of its own, its start included; then
#            CREATE SUBSCRIPTION ... (copy_data = false, create_slot = false); until a row inserted then is seen on the target
# It is the seed without the cluster: journal, guards and protect-slot (which waits for Patroni, not for data) are not in it; they are in
# "caught up" of part pause. 'switchback copy' pins a snapshot of its own, so nobody writes between the slot and that snapshot; the
# load begins when the first row may be copied, in both ways: behind that snapshot, and with CREATE SUBSCRIPTION.
# Load: sessions that update one order and insert one row, commit, and pause 10 ms. Rows of both sides are compared at the end.
# Target: median of ours / median of native <= 0.65. Throughput of the load before and during each way is reported.
#
# Environment: JAVA (Java 25), SOURCE_MAJOR 15, TARGET_MAJOR 17 (part seed; of lab/target/pg), SOURCE_PORT, TARGET_PORT.
# Needs Linux, bash, awk, jq, unzip, psql and pg_dump fit for both majors; a built tree (./mvnw -DskipTests package). As root the
# servers run as user postgres. Run it on a machine that does nothing else.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); root=$(dirname "$here")
base=0.05 runs=5 only="pause seed" seedscale=0.25 seedrounds=3 jobs=2 clients=4 work=/tmp/switchback-bench-online out=$here/RESULTS-online.md
usage() { sed -n '2,/^set /p' "$0" | sed '$d;s/^# \{0,1\}//'; exit "$1"; }
while [ $# -gt 0 ]; do
  case $1 in
    -h|--help) usage 0 ;;
    --base) base=$2 ;; --runs) runs=$2 ;; --only) only=${2//,/ } ;; --seed-scale) seedscale=$2 ;; --seed-rounds) seedrounds=$2 ;;
    --jobs) jobs=$2 ;; --clients) clients=$2 ;; --work) work=$2 ;; --out) out=$2 ;;
    *) echo "unknown: $1" >&2; usage 2 >&2 ;;
  esac
  shift 2
done
for part in $only; do case $part in pause|seed) ;; *) echo "unknown part: $part" >&2; exit 2 ;; esac; done
say() { echo "bench: $(date -u +%T) $*" >&2; }
command -v jq >/dev/null || { echo "jq is missing" >&2; exit 3; }
export LC_ALL=C.UTF-8; unset PGPASSWORD PGSERVICE PGDATABASE PGPORT PGHOST PGUSER PGOPTIONS
mkdir -p "$work"; chmod 755 "$work"
median() { sort -n | awk '{a[NR]=$1}END{if(NR)printf "%.2f", NR%2?a[(NR+1)/2]:(a[NR/2]+a[NR/2+1])/2; else printf "-"}'; }
spread() { sort -n | awk '{a[NR]=$1}END{if(NR)printf "%.2f to %.2f", a[1], a[NR]; else printf "-"}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN{if(a=="-"||b=="-"||b==0)printf "-"; else printf "%.2f", a/b}'; }
met() { awk -v a="$1" -v t="$2" 'BEGIN{if(a=="-")printf "not measured"; else printf "%s", a<=t?"met":"MISSED"}'; }
sections=$work/sections; : > "$sections"
began=$(date -u +%FT%TZ)

# ---- part pause -------------------------------------------------------------------------------------------------------
# Times of the journal as seconds; the fractions that Java prints are kept.
read -r -d '' JOURNAL <<'J' || true
def at: capture("^(?<d>[^.Z]+)(?<f>\\.[0-9]+)?Z$") | (.d + "Z" | fromdateiso8601) + ("0" + (.f // ".0") | tonumber);
def began($id): first(.steps[] | select(.id == $id)) | .startedAt | at;
def ended($id): first(.steps[] | select(.id == $id)) | (.startedAt | at) + .seconds;
def between($ids): [.steps[] | select(.state == "done") | {id, from: (.startedAt | at), to: ((.startedAt | at) + .seconds)}] as $s
  | ([$s[].id] | index($ids[0])) as $a | ([$s[].id] | index($ids[1])) as $b
  | [range($a; $b) | $s[. + 1].from - $s[.].to] | add;
J
one_demo() { # one_demo RUN TIMES: one line of $csv, and the steps' seconds
  local run=$1 times=$2 scale json status=0
  scale=$(awk -v b="$base" -v t="$times" 'BEGIN{printf "%g", b*t}'); json=$work/demo-$run-$times.json
  "$root/switchback" demo --strategy online --writers external --scale "$scale" -o json > "$json" 2> "${json%.json}.err" || status=$?
  if [ $status != 0 ] || ! jq -e '.result == "migrated" and .lostWrites == 0 and .duplicateWrites == 0 and .phantomWrites == 0 and .twoSides == 0' "$json" >/dev/null 2>&1; then
    echo "$run,$times,,,,,failed: exit $status, $(jq -r '.result // "no result"' "$json" 2>/dev/null || echo "no result"); see ${json%.json}.err" | tee -a "$csv" >&2
    return
  fi
  jq -r --arg run "$run" --arg times "$times" "$JOURNAL"'
    [$run, $times, .writePauseSeconds, (ended("open-target") - began("fence-source")),
     (ended("catch-up") - ([.steps[] | select(.phase == "prepare") | .startedAt | at] | min)),
     ((first(.steps[] | select(.id == "seed-tables")) | .evidence.bytes // "0" | tonumber) / 1e6 | floor), "ok"]
    | @csv' "$json" | tr -d '"' | awk -F, -v OFS=, '{for(i=3;i<=5;i++)$i=sprintf("%.3f",$i);print}' | tee -a "$csv" >&2
  jq -r --arg times "$times" "$JOURNAL"'
    (.steps | map(.id)) as $ids | ($ids | index("stop-writers")) as $a
    | ([.steps[$a:][] | select(.phase == "cutover" and .state == "done") | [$times, .id, .seconds]] + [[$times, "between fence-source and open-target", between(["fence-source", "open-target"])]])[]
    | @csv' "$json" | tr -d '"' >> "$stepcsv"
}
pause() {
  csv=$work/pause.csv stepcsv=$work/steps.csv; echo "run,times,pause,fenceToOpen,caughtUp,MB,check" > "$csv"; : > "$stepcsv"
  "$root/switchback" version >/dev/null 2>&1 || true # builds first, when something is newer than the jars
  local run times order
  for run in $(seq 1 "$runs"); do
    order=$(printf '1\n4\n16\n' | awk -v r="$run" '{a[NR]=$0}END{for(i=0;i<NR;i++)printf "%s ", a[(i+r-1)%NR+1]}')
    for times in $order; do say "run $run of $runs, ${times}x"; one_demo "$run" "$times"; done
  done
  column() { awk -F, -v t="$1" -v c="$2" '$2==t && $7=="ok"{print $c}' "$csv"; }
  step() { awk -F, -v t="$1" -v s="$2" '$1==t && $2==s{print $3}' "$stepcsv" | median; }
  local p1 p4 p16 worst
  p1=$(column 1 3 | median) p4=$(column 4 3 | median) p16=$(column 16 3 | median)
  worst=$(printf '%s\n' "$p1" "$p4" "$p16" | grep -v '^-$' | sort -n | tail -1 || true)
  {
    echo "## Write pause: $runs runs a size, base scale $base"; echo
    echo "| size | rows, MB | right runs | longest write pause s: median | range | fence to open s | caught up s |"; echo "|---|---|---|---|---|---|---|"
    for times in 1 4 16; do
      echo "| ${times}x | $(column $times 6 | median) | $(column $times 1 | wc -l) of $runs | $(column $times 3 | median) | $(column $times 3 | spread) | $(column $times 4 | median) | $(column $times 5 | median) |"
    done
    echo; echo "Worst median write pause ${worst:--} s, target 3: $(met "${worst:--}" 3). 16x / 1x $(ratio "$p16" "$p1"), target 1.3: $(met "$(ratio "$p16" "$p1")" 1.3)."; echo
    echo "Medians of the cutover's steps, seconds:"; echo; echo "| step | 1x | 4x | 16x |"; echo "|---|---|---|---|"
    awk -F, '!seen[$2]++{print $2}' "$stepcsv" | while read -r id; do echo "| $id | $(step 1 "$id") | $(step 4 "$id") | $(step 16 "$id") |"; done
    grep -v ',ok$' "$csv" | awk -F, 'NR>1{print "\nRun " $1 " at " $2 "x " $7}'
    echo
  } >> "$sections"
}

# ---- part seed --------------------------------------------------------------------------------------------------------
JAVA=${JAVA:-}; jar=$root/app/target/switchback.jar
smajor=${SOURCE_MAJOR:-15} tmajor=${TARGET_MAJOR:-17} sport=${SOURCE_PORT:-55925} tport=${TARGET_PORT:-55927} db=bench
sbin=$work/pg$smajor/bin tbin=$work/pg$tmajor/bin
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi; }
unpacked() { # the server that the tests use
  local dir=$work/pg$1 archive
  [ ! -x "$dir/bin/postgres" ] || return 0
  archive=$(ls "$root"/lab/target/pg/embedded-postgres-binaries-*-"$1".*.jar 2>/dev/null | head -1)
  [ -n "$archive" ] || { say "no PostgreSQL $1: run ./mvnw -DskipTests package"; exit 3; }
  mkdir -p "$dir"; unzip -p "$archive" '*.txz' | tar xJ -C "$dir"; chmod -R a+rX "$dir"
}
server() { # server NAME BIN PORT
  local data=$work/data/$1
  if [ ! -d "$data" ]; then
    mkdir -p "$work/data"; [ "$(id -u)" != 0 ] || chown postgres "$work/data"
    as "$2/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  fi
  as tee "$data/postgresql.auto.conf" >/dev/null <<C
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = $3
wal_level = logical
shared_buffers = 256MB
max_wal_size = 4GB
checkpoint_timeout = 15min
max_worker_processes = 16
max_sync_workers_per_subscription = $jobs
max_logical_replication_workers = $((jobs + 4))
C
  (cd /; as "$2/pg_ctl" -s -w -D "$data" -l "$data/log" start)
}
stop() {
  touch "$work/load.stop"
  (cd /; as "$sbin/pg_ctl" -s -m fast -D "$work/data/source" stop || true; as "$tbin/pg_ctl" -s -m fast -D "$work/data/target" stop || true) 2>/dev/null
}
quietly() { PGOPTIONS='-c client_min_messages=warning' psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -U postgres "$@"; }
s() { quietly -p "$sport" -d "${D:-$db}" "$@"; }
t() { quietly -p "$tport" -d "${D:-$db}" "$@"; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN{printf "%.2f", b-a}'; }
load() { # begins; every transaction updates one order and leaves one row, by which it is counted
  local i
  for i in $(seq 1 "$clients"); do
    (D=$db s -c "DO \$\$ DECLARE n bigint := (SELECT max(id) FROM orders); BEGIN LOOP
        UPDATE orders SET remark = 'load ' || clock_timestamp() WHERE id = 1 + (random() * (n - 1))::bigint;
        INSERT INTO bench_load DEFAULT VALUES; COMMIT; PERFORM pg_sleep(0.01); END LOOP; END \$\$" >/dev/null 2>&1 || true) &
  done
}
unload() { # ends it, and waits until it is gone
  s -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'DO %bench_load%' AND pid <> pg_backend_pid()" >/dev/null
  until [ "$(s -Atc "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %bench_load%' AND pid <> pg_backend_pid()")" = 0 ]; do sleep 0.1; done
}
rate() { s -Atc "SELECT round(count(*) / ($2 - $1)) FROM bench_load WHERE at BETWEEN to_timestamp($1) AND to_timestamp($2)"; }
arrived() { # a row inserted now is seen on the target
  local id; id=$(s -Atc "INSERT INTO bench_load DEFAULT VALUES RETURNING id" | head -1)
  waited "SELECT count(*) FROM bench_load WHERE id = $id" 1
}
waited() { # until the target answers so, ten minutes at most
  local limit=$((SECONDS + 600))
  until [ "$(t -Atc "$1")" = "$2" ]; do
    [ $SECONDS -lt $limit ] || { echo "after ten minutes not $2: $1" >&2; return 1; }
    sleep 0.05
  done
}
fresh() { # the source as it was made, an empty target; nothing of the round before
  if [ "$(D=postgres t -Atc "SELECT count(*) FROM pg_database WHERE datname = '$db'")" = 1 ]; then
    t -Atc "SELECT subname FROM pg_subscription" | while read -r sub; do
      t -c "ALTER SUBSCRIPTION $sub DISABLE" -c "ALTER SUBSCRIPTION $sub SET (slot_name = NONE)" -c "DROP SUBSCRIPTION $sub"; done
  fi
  until [ "$(D=postgres s -Atc "SELECT count(*) FROM pg_replication_slots WHERE active")" = 0 ]; do sleep 0.2; done
  D=postgres s -c "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots" >/dev/null
  D=postgres t -c "DROP DATABASE IF EXISTS $db WITH (FORCE)" -c "CREATE DATABASE $db TEMPLATE template0"
  D=postgres s -c "DROP DATABASE IF EXISTS $db WITH (FORCE)" -c "CREATE DATABASE $db TEMPLATE bench_made STRATEGY file_copy"
  s -c "CREATE PUBLICATION bench FOR ALL TABLES" -c CHECKPOINT; D=postgres t -c CHECKPOINT; sync
}
origin="host=127.0.0.1 port=$sport user=postgres dbname=$db"; destination="host=127.0.0.1 port=$tport user=postgres dbname=$db"
native() {
  local t0; t0=$(now)
  pg_dump -d "$origin" --schema-only --no-publications --no-subscriptions | t -f - >/dev/null || return 1
  loaded=$(now); load
  t -c "CREATE SUBSCRIPTION bench CONNECTION '$origin' PUBLICATION bench WITH (copy_data = true)" >/dev/null || return 1
  waited "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'" 0 || return 1
  arrived || return 1; took=$(since "$t0")
}
ours() {
  local t0 copy status=0; t0=$(now)
  # the walsender's session stays open until the copy has pinned its own snapshot
  coproc SLOT { psql -X -q -At "host=127.0.0.1 port=$sport user=postgres dbname=$db replication=database" 2>&1; }
  local slotin=${SLOT[1]} slotout=${SLOT[0]} slotpid=$SLOT_PID line
  echo "CREATE_REPLICATION_SLOT bench LOGICAL pgoutput EXPORT_SNAPSHOT;" >&"$slotin"
  read -r line <&"$slotout"; case $line in bench*) ;; *) echo "$line" >&2; return 1 ;; esac
  "$JAVA" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m -jar "$jar" copy --from "$origin sslmode=disable" --to "$destination sslmode=disable" \
    --jobs "$jobs" -o json > "$work/copy.json" 2> "$work/copy.err" & copy=$!
  until [ "$(s -Atc "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'switchback%' AND query LIKE '%pg_export_snapshot%' AND state = 'idle in transaction'")" != 0 ]; do
    kill -0 "$copy" 2>/dev/null || { cat "$work/copy.err" >&2; return 1; }; sleep 0.02; done
  loaded=$(now); load
  eval "exec $slotin>&-"; wait "$slotpid" 2>/dev/null || true
  wait "$copy" || status=$?; [ $status = 0 ] || { cat "$work/copy.err" >&2; return 1; }
  t -c "CREATE SUBSCRIPTION bench CONNECTION '$origin' PUBLICATION bench WITH (copy_data = false, create_slot = false, slot_name = 'bench')" >/dev/null || return 1
  arrived || return 1; took=$(since "$t0")
}
facts() { "$1" -At -c "SELECT (SELECT count(*) || ' ' || sum(hashtext(o::text)) FROM orders o), (SELECT count(*) FROM order_lines), (SELECT count(*) FROM tickets), (SELECT count(*) FROM other.files),
  (SELECT count(*) FROM visits), (SELECT count(*) FROM customers), (SELECT count(*) || ' ' || sum(id) FROM bench_load)"; }
seed() {
  [ -n "$JAVA" ] || JAVA=$(sh -c 'here=$1; . "$1/.mvn/jdk.sh"; echo "$JAVA_HOME/bin/java"' sh "$root")
  export SWITCHBACK_PG_BIN=${SWITCHBACK_PG_BIN:-$(dirname "$(ls -d /usr/lib/postgresql/*/bin/pg_dump 2>/dev/null | sort -V | tail -1 || command -v pg_dump)")}
  PATH=$SWITCHBACK_PG_BIN:$PATH
  unpacked "$smajor"; unpacked "$tmajor"; trap stop EXIT
  server source "$sbin" "$sport"; server target "$tbin" "$tport"
  if [ "$(D=postgres s -Atc "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'bench_made'")" != "shop $seedscale" ]; then
    say "making shop $seedscale"
    D=postgres s -c "DROP DATABASE IF EXISTS bench_made" -c "CREATE DATABASE bench_made TEMPLATE template0"
    D=bench_made s -v scale="$seedscale" -f "$here/shop.sql" >/dev/null
    D=bench_made s -c "CREATE TABLE bench_load (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())" -c "VACUUM (ANALYZE)" -c CHECKPOINT
    D=postgres s -c "COMMENT ON DATABASE bench_made IS 'shop $seedscale'"
  fi
  local seedcsv=$work/seed.csv round way order took loaded a b before during check; echo "round,way,seconds,before,during,check" > "$seedcsv"
  for round in $(seq 1 "$seedrounds"); do
    order="native ours"; [ $((round % 2)) = 1 ] || order="ours native"
    for way in $order; do
      say "round $round of $seedrounds, $way"; fresh
      load; sleep 2; a=$(now); sleep 5; b=$(now); before=$(rate "$a" "$b"); unload
      took=-; loaded=$(now); check=ok
      if "$way" > "$work/$way.log" 2>&1; then
        during=$(rate "$loaded" "$(now)"); unload; arrived
        [ "$(facts s)" = "$(facts t)" ] || check="rows differ"
      else
        unload; during=-; check="failed: $(tail -1 "$work/$way.log" | tr ',' ';' | cut -c1-160)"
      fi
      echo "$round,$way,$took,$before,$during,$check" | tee -a "$seedcsv" >&2
    done
  done
  of() { awk -F, -v w="$1" -v c="$2" '$2==w && $6=="ok"{print $c}' "$seedcsv"; }
  local ours native; ours=$(of ours 3 | median) native=$(of native 3 | median)
  {
    echo "## Until caught up: shop $seedscale, $seedrounds rounds, $jobs jobs, $clients writing sessions"; echo
    echo "PostgreSQL $smajor to $tmajor, database $(D=postgres s -Atc "SELECT pg_size_pretty(pg_database_size('bench_made'))"). What is compared: \`bench/online.sh --help\`."; echo
    echo "| way | right runs | until caught up s: median | range | load before, transactions/s | during | during / before |"; echo "|---|---|---|---|---|---|---|"
    for way in native ours; do
      before=$(of $way 4 | median) during=$(of $way 5 | median)
      echo "| $way | $(of $way 1 | wc -l) of $seedrounds | $(of $way 3 | median) | $(of $way 3 | spread) | $before | $during | $(ratio "$during" "$before") |"
    done
    echo; echo "ours / native $(ratio "$ours" "$native"), target 0.65: $(met "$(ratio "$ours" "$native")" 0.65)."
    grep -v ',ok$' "$seedcsv" | awk -F, 'NR>1{print "\n" $2 " in round " $1 ": " $6}'
    echo
  } >> "$sections"
}

for part in $only; do "$part"; done
{
  echo "# Strategy online: measured"; echo
  echo "Written by \`bench/online.sh\`; \`--help\` says what each figure is. $began to $(date -u +%FT%TZ), $(nproc) cores, load of the machine at the end $(cut -d' ' -f1 /proc/loadavg), $(git -C "$root" describe --always --dirty 2>/dev/null || echo "no git")."; echo
  cat "$sections"
} > "$out"
cat "$out"
