#!/usr/bin/env bash
# L alone as day of the week is valid for three packages made for AWS's cron, and none of them ever finds such a day.
#
# Versions:  aws-cron-expression-validator 1.1.15 and aws-croniter 2.1.1 (PyPI), aws-cron-parser 1.1.12 (npm). Seen 2026-11-30.
# Expected:  in AWS's grammar L stands, in the day-of-week field, for the last day of the week, so cron(0 5 ? * L *) runs
#            every Saturday.
# Seen:      the validator and both parsers take it. aws-croniter then answers None as the next run, without an error;
#            aws-cron-parser gives up with "this shouldn't happen". With a number before it (7L, the last Saturday of the
#            month) both are right, so the letter itself is known to them.
# Means:     a console or a check built on these calls the plan right and shows "never", or fails; AWS runs it every week.
#            None must not be read as "this schedule is over".
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts aws-cron-parser@1.1.12 >/dev/null
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check \
  aws-croniter==2.1.1 aws-cron-expression-validator==1.1.15
cat > run.cjs <<'E'
const parser = require('aws-cron-parser').default ?? require('aws-cron-parser');
const see = (expression, before) => {
  let got;
  try {
    got = parser.next(parser.parse(expression), new Date('2027-01-01T00:00:00Z')).toISOString().slice(0, 10);
  } catch (error) {
    got = error.message;
  }
  console.log(`aws-cron-parser ${expression}: ${got}`);
  if (!got.includes(before)) {
    console.log(`CHANGED, it was: ${before}`);
    process.exit(1);
  }
};
see('0 5 ? * 7L *', '2027-01-30');
see('0 5 ? * L *', "this shouldn't happen");
E
node run.cjs
v/bin/python - <<'E'
import datetime, sys
from aws_cron_expression_validator.validator import AWSCronExpressionValidator
from aws_croniter import AwsCroniter

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

start = datetime.datetime(2027, 1, 1, tzinfo=datetime.timezone.utc)
def next_run(expression):
    return [at and f"{at:%Y-%m-%d}" for at in AwsCroniter(expression).get_next(start, 1)]
see("validator", AWSCronExpressionValidator.validate("0 5 ? * L *"), "0 5 ? * L *")
see("aws-croniter 0 5 ? * 7L *", next_run("0 5 ? * 7L *"), ["2027-01-30"])
see("aws-croniter 0 5 ? * L *", next_run("0 5 ? * L *"), [None])
E
echo "as it was: valid, and never due"
