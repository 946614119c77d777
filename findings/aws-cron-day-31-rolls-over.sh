#!/usr/bin/env bash
# A monthly schedule on the 31st, by two parsers written for AWS's cron: one adds days, the other raises an error.
#
# Versions:  aws-cron-parser 1.1.12 (npm) and pyawscron 1.0.7 (PyPI); aws-croniter 2.1.1 (PyPI) for comparison.
#            Seen 2026-11-30.
# Expected:  cron(0 5 31 * ? *) runs on 31 January, 31 March, 31 May: months without a 31st have no run.
# Seen:      aws-cron-parser answers 31 January, 3 March, 31 March, 1 May: it builds the date "31 February" and JavaScript
#            carries it over. It does the same with 29 February: 1 March in common years. pyawscron raises ValueError
#            "day is out of range for month" as soon as such a month is reached. aws-croniter is right.
# Means:     a preview of a backup plan shows recovery points that AWS Backup will never make, or fails for a schedule that
#            AWS accepts. Retention counted from such dates is wrong too. Test a parser with the 29th to the 31st.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts aws-cron-parser@1.1.12 >/dev/null
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check pyawscron==1.0.7 aws-croniter==2.1.1
cat > run.cjs <<'E'
const parser = require('aws-cron-parser').default ?? require('aws-cron-parser');
const see = (expression, before) => {
  const cron = parser.parse(expression);
  const days = [];
  for (let at = new Date('2027-01-01T00:00:00Z'); days.length < 4;) {
    at = parser.next(cron, at);
    days.push(at.toISOString().slice(0, 10));
  }
  console.log(`aws-cron-parser ${expression}: ${days.join(' ')}`);
  if (days.join(' ') !== before) {
    console.log(`CHANGED, it was: ${before}`);
    process.exit(1);
  }
};
see('0 5 31 * ? *', '2027-01-31 2027-03-03 2027-03-31 2027-05-01');
see('0 5 29 2 ? *', '2027-03-01 2028-02-29 2029-03-01 2030-03-01');
E
node run.cjs
v/bin/python - <<'E'
import datetime, sys
from aws_croniter import AwsCroniter
from pyawscron import AWSCron

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

start = datetime.datetime(2027, 1, 1, tzinfo=datetime.timezone.utc)
def by_pyawscron(expression):
    try:
        return " ".join(f"{at:%Y-%m-%d}" for at in AWSCron.get_next_n_schedule(4, start, expression))
    except ValueError as error:
        return f"ValueError: {error}"
see("pyawscron 0 5 31 * ? *", by_pyawscron("0 5 31 * ? *"), "ValueError: day is out of range for month")
see("aws-croniter 0 5 31 * ? *", " ".join(f"{at:%Y-%m-%d}" for at in AwsCroniter("0 5 31 * ? *").get_next(start, 4)),
    "2027-01-31 2027-03-31 2027-05-31 2027-07-31")
E
echo "as it was: two of three get the 31st wrong"
