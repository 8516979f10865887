# Prints the test counts of the reports newer than a file, as the last line of a build; sourced by ./mvnw and .ci/run.
#   switchback_counts PROJECT_FOLDER STAMP_FILE
switchback_counts() {
  find "$1/app/target/surefire-reports" "$1/lab/target/surefire-reports" -name 'TEST-*.xml' -newer "$2" \
    -exec grep -ho '<testsuite [^>]*>' {} + 2>/dev/null | awk '
    function value(name,  at) {
      if (match($0, " " name "=\"[0-9]+\"")) { return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) }
      return 0
    }
    { tests += value("tests"); bad += value("failures") + value("errors"); skipped += value("skipped") }
    END { printf "%d passed, %d failed, %d skipped\n", tests - bad - skipped, bad, skipped }'
}
